// calint-api: JSON for the ATS.
#include "api/serve.h"
#include "httpd/answer.h"
#include "httpd/config.h"
#include "httpd/handlers.h"
#include "httpd/log_sink.h"
#include "httpd/request.h"
#include "httpd/respond.h"

namespace calint::httpd {

int handle_api(request_rec* r) {
  ServerConfig* config = server_config(r->server);
  RuntimeSlot::Use runtime(config->runtime);
  if (runtime.get() == nullptr) {
    const std::string id = request_id(r);
    return answer_degraded(r, id, api::serve_degraded(id));
  }

  const Deadline deadline = Deadline::in(kCallbackDeadline);
  Request request;
  const int status = read_request(r, config->settings, {.body = api::kLongestBody, .takes_bearer = true}, request);
  RequestLog log(r, request.request_id);
  const api::ApiCall call{{.log = log, .deadline = deadline}, request};
  return respond(r, status == kOk ? api::serve(*runtime.get(), call) : api::refuse_body(*runtime.get(), call, status));
}

}  // namespace calint::httpd
