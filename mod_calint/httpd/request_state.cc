#include "httpd/request_state.h"

#include "httpd/pool.h"

namespace calint::httpd {

RequestState& request_state(request_rec* r) {
  auto* state = static_cast<RequestState*>(ap_get_module_config(r->request_config, &calint_module));
  if (state == nullptr) {
    state = adopt<RequestState>(r->pool);
    ap_set_module_config(r->request_config, &calint_module, state);
  }
  return *state;
}

const RequestState* find_request_state(const request_rec* r) {
  return static_cast<const RequestState*>(ap_get_module_config(r->request_config, &calint_module));
}

}  // namespace calint::httpd
