#include "app/serve.h"

#include <optional>
#include <string_view>

#include "app/answers.h"
#include "app/flow.h"
#include "app/organization_page.h"
#include "app/paths.h"
#include "app/settings_page.h"

namespace calint::app {
namespace {

bool reads(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

Response unknown_provider(Runtime& runtime, const Call& call) {
  return message(runtime, 404, call.request,
                 {.title = "There is no such calendar provider",
                  .text = "Calendars can be connected from google, outlook and apple.",
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {{std::string(kSettingsPath), "Calendar settings"}}});
}

Response not_found(Runtime& runtime, const Call& call) {
  return failure(runtime, call, {.fault = Fault::not_found, .what = "no page has this address"});
}

// What stands behind `prefix` and a slash; nullopt where the path isn't below it.
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix) || path.size() <= prefix.size() || path[prefix.size()] != '/') return std::nullopt;
  return path.substr(prefix.size() + 1);
}

}  // namespace

Response serve_auth(Runtime& runtime, const Call& call) {
  const auto rest = below(call.request.path, kAuthPath);
  if (!rest || rest->empty()) return not_found(runtime, call);
  const std::string_view name = rest->substr(0, rest->find('/'));
  const std::string_view tail = rest->substr(name.size());
  if (!call.request.login) return failure(runtime, call, {.fault = Fault::unauthenticated, .what = "nobody is signed in"});
  const auto provider = parse_provider(name);
  if (!provider) return unknown_provider(runtime, call);
  const bool takes_password = runtime.password_provider(*provider) != nullptr;
  if (tail.empty()) {
    if (!reads(call.request) && call.request.method != "POST") return method_not_allowed("GET, HEAD, POST");
    return takes_password ? password_flow(runtime, call, *provider) : start_flow(runtime, call, *provider);
  }
  // HEAD has no business here: a code must not be presented for an answer that nobody reads.
  if (tail == "/callback")
    return call.request.method == "GET" ? end_flow(runtime, call, *provider) : method_not_allowed("GET");
  return not_found(runtime, call);
}

Response serve_settings(Runtime& runtime, const Call& call) {
  const std::string& path = call.request.path;
  const bool post = call.request.method == "POST";
  if (!post && !reads(call.request)) return method_not_allowed("GET, HEAD, POST");
  if (path == kSettingsPath) return post ? act_on_settings(runtime, call) : show_settings(runtime, call);
  if (path == kDisconnectPath) return post ? disconnect(runtime, call) : ask_to_disconnect(runtime, call);
  if (post) return method_not_allowed("GET, HEAD");
  if (path == kSwitchPath) return ask_to_switch(runtime, call);
  if (const auto name = below(path, kSettingsPath)) return serve_static(call, *name);
  return not_found(runtime, call);
}

Response serve_admin(Runtime& runtime, const Call& call) {
  if (call.request.path != kOrganizationPath) return not_found(runtime, call);
  if (call.request.method == "POST") return act_on_organization(runtime, call);
  return reads(call.request) ? show_organization(runtime, call) : method_not_allowed("GET, HEAD, POST");
}

Response serve_degraded() {
  Response response{.status = 503,
                    .headers = {},
                    .content_type = "text/html; charset=utf-8",
                    .body = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Calendar integration unavailable</title></head>"
                            "<body><main><h1>Calendar integration unavailable</h1><p>Your administrator must mend the "
                            "server's configuration. Everything else works as usual.</p></main></body></html>\n"};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Retry-After", "60");
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace calint::app
