#include "httpd/translate.h"

#include "httpd/request_state.h"
#include "httpd/routes.h"

namespace calint::httpd {
namespace {

// The handler that SetHandler gave this URL's <Location>, as far as the sections have been merged. httpd
// keeps it as an expression, also where it is a plain name.
const char* configured_handler(request_rec* r) {
  const auto* core = static_cast<core_dir_config*>(ap_get_core_module_config(r->per_dir_config));
  if (core == nullptr || core->expr_handler == nullptr) return nullptr;
  const char* failure = nullptr;
  const char* name = ap_expr_str_exec(r, core->expr_handler, &failure);
  return failure == nullptr ? name : nullptr;
}

// A module that came later in translate_name may have rewritten the URL to another place; then it is that
// place's rules that hold.
bool is_claimed(const request_rec* r) {
  const RequestState* state = find_request_state(r);
  return state != nullptr && !state->claimed_uri.empty() && r->uri != nullptr && state->claimed_uri == r->uri;
}

}  // namespace

int claim(request_rec* r) {
  if (r->uri == nullptr || r->uri[0] != '/' || r->proxyreq == PROXYREQ_PROXY) return kDeclined;
  if (find_route(configured_handler(r)) == nullptr) return kDeclined;
  request_state(r).claimed_uri = r->uri;
  apr_table_setn(r->subprocess_env, "no-proxy", "1");
  return kDeclined;
}

int map_to_handler(request_rec* r) {
  if (!is_claimed(r)) return kDeclined;
  if (r->proxyreq != PROXYREQ_NONE) {
    r->proxyreq = PROXYREQ_NONE;
    r->handler = nullptr;
    r->filename = apr_pstrcat(r->pool, "calint:", r->uri, nullptr);
  }
  return kOk;
}

int skip_type_checkers(request_rec* r) { return is_claimed(r) ? kOk : kDeclined; }

}  // namespace calint::httpd
