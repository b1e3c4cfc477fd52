#include "site/serve.h"

#include <optional>
#include <string_view>

#include "base/paths.h"
#include "pages/renderer.h"
#include "site/answers.h"
#include "site/end_flow.h"
#include "site/links.h"
#include "site/organization_page.h"
#include "site/password_flow.h"
#include "site/settings_page.h"
#include "site/start_flow.h"
#include "site/static_file.h"

namespace calint::site {
namespace {

bool reads(const Request& request) { return request.method == "GET" || request.method == "HEAD"; }

Response unknown_provider(Runtime& runtime, const Visit& visit) {
  visit.log.write(LogLevel::info, "CALINT0212", "there is no such provider");
  return message(runtime, visit, 404,
                 {.title = visit.say(texts::flow::unknown_provider::title{}),
                  .text = visit.say(texts::flow::unknown_provider::text{}),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {link_to_settings(visit)}});
}

Response not_found(Runtime& runtime, const Visit& visit) {
  return failure(runtime, visit, {.fault = Fault::not_found, .what = "no page has this address"});
}

// What stands behind `prefix` and a slash; nullopt where the path isn't below it.
std::optional<std::string_view> below(std::string_view path, std::string_view prefix) {
  if (!path.starts_with(prefix) || path.size() <= prefix.size() || path[prefix.size()] != '/') return std::nullopt;
  return path.substr(prefix.size() + 1);
}

}  // namespace

Response serve_auth(Runtime& runtime, const Visit& visit) {
  const auto rest = below(visit.request.path, kAuthPath);
  if (!rest || rest->empty()) return not_found(runtime, visit);
  const std::string_view name = rest->substr(0, rest->find('/'));
  const std::string_view tail = rest->substr(name.size());
  if (!visit.request.login)
    return failure(runtime, visit, {.fault = Fault::unauthenticated, .what = "nobody is signed in"});
  const auto provider = parse_provider(name);
  if (!provider) return unknown_provider(runtime, visit);
  const bool takes_password = runtime.provider(*provider) != nullptr && runtime.provider(*provider)->password;
  if (tail.empty()) {
    if (!reads(visit.request) && visit.request.method != "POST") return method_not_allowed("GET, HEAD, POST");
    return takes_password ? password_flow(runtime, visit, *provider) : start_flow(runtime, visit, *provider);
  }
  // HEAD has no business here: a code must not be presented for an answer that nobody reads.
  if (tail == kCallbackSegment)
    return visit.request.method == "GET" ? end_flow(runtime, visit, *provider) : method_not_allowed("GET");
  return not_found(runtime, visit);
}

Response serve_settings(Runtime& runtime, const Visit& visit) {
  const std::string& path = visit.request.path;
  const bool post = visit.request.method == "POST";
  if (!post && !reads(visit.request)) return method_not_allowed("GET, HEAD, POST");
  if (path == kSettingsPath) return post ? act_on_settings(runtime, visit) : show_settings(runtime, visit);
  if (path == kDisconnectPath) return post ? disconnect(runtime, visit) : ask_to_disconnect(runtime, visit);
  if (post) return method_not_allowed("GET, HEAD");
  if (path == kSwitchPath) return ask_to_switch(runtime, visit);
  if (const auto name = below(path, kSettingsPath)) return serve_former_static(*name);
  return not_found(runtime, visit);
}

Response serve_admin(Runtime& runtime, const Visit& visit) {
  if (visit.request.path != kOrganizationPath) return not_found(runtime, visit);
  if (visit.request.method == "POST") return act_on_organization(runtime, visit);
  return reads(visit.request) ? show_organization(runtime, visit) : method_not_allowed("GET, HEAD, POST");
}

Response serve_degraded() {
  Response response{.status = 503,
                    .headers = {},
                    .content_type = "text/html; charset=utf-8",
                    .body = pages::plain_page(pages::Language::english(), texts::failure::degraded::title{},
                                              texts::failure::degraded::text{})};
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Retry-After", "60");
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace calint::site
