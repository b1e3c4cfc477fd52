#include "httpd/answer.h"

#include <fmt/format.h>

#include "httpd/config.h"
#include "httpd/log_sink.h"
#include "httpd/request.h"
#include "httpd/respond.h"
#include "pages/renderer.h"
#include "site/form_limits.h"
#include "site/serve.h"

namespace calint::httpd {

int answer_degraded(request_rec* r, const std::string& request_id, const Response& degraded) {
  const char* why = server_config(r->server)->given.none()
                        ? "this server has no CalInt directives"
                        : "the configuration could not be loaded; see CALINT0104 and CALINT0105";
  RequestLog(r, request_id).write(LogLevel::error, "CALINT0106", fmt::format("answered 503: {}", why));
  return respond(r, degraded);
}

int answer(request_rec* r, Response (*use_case)(Runtime&, const site::Visit&)) {
  ServerConfig* config = server_config(r->server);
  RuntimeSlot::Use runtime(config->runtime);
  if (runtime.get() == nullptr) return answer_degraded(r, request_id(r), site::serve_degraded());

  const Deadline deadline = Deadline::in(kCallbackDeadline);
  Request request;
  const Intake intake{.body = site::form_limits(r->uri).bytes};
  if (int status = read_request(r, config->settings, intake, request); status != kOk) return status;
  RequestLog log(r, request.request_id);
  const pages::Renderer& pages = runtime.get()->pages().in(request.accept_language);
  return respond(r, use_case(*runtime.get(), site::Visit{{.log = log, .deadline = deadline}, request, pages}));
}

}  // namespace calint::httpd
