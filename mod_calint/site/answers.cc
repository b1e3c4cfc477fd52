#include "site/answers.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "runtime/failure_log.h"
#include "site/links.h"

namespace calint::site {
namespace {

// What a person can do about it.
struct Said {
  pages::Text title;
  pages::Text text;
};

Said said_of(Fault fault) {
  switch (fault) {
    case Fault::bad_input: return {texts::failure::bad_input::title{}, texts::failure::bad_input::text{}};
    case Fault::unauthenticated:
      return {texts::failure::unauthenticated::title{}, texts::failure::unauthenticated::text{}};
    case Fault::forbidden:
    case Fault::denied: return {texts::failure::forbidden::title{}, texts::failure::forbidden::text{}};
    case Fault::not_found:
    case Fault::gone: return {texts::failure::not_found::title{}, texts::failure::not_found::text{}};
    case Fault::conflict:
    case Fault::resync: return {texts::failure::conflict::title{}, texts::failure::conflict::text{}};
    case Fault::reconnect: return {texts::failure::reconnect::title{}, texts::failure::reconnect::text{}};
    case Fault::operator_fault: return {texts::failure::misconfigured::title{}, texts::failure::misconfigured::text{}};
    case Fault::rate_limited:
    case Fault::too_many: return {texts::failure::too_many::title{}, texts::failure::too_many::text{}};
    case Fault::unavailable:
    case Fault::in_doubt:
    case Fault::stopping: return {texts::failure::unavailable::title{}, texts::failure::unavailable::text{}};
    case Fault::corrupt:
    case Fault::bug: break;
  }
  return {texts::failure::internal::title{}, texts::failure::internal::text{}};
}

// Those who were refused together don't come back together.
int spread(std::chrono::seconds pause) {
  const auto seconds = static_cast<int>(pause.count());
  return seconds + static_cast<int>(crypto::random_unit() * seconds);
}

std::string content_security_policy(const Runtime& runtime, const std::string& form_origin) {
  std::string ancestors;
  for (const std::string& source : runtime.settings().frame_ancestors) ancestors += " " + source;
  return fmt::format(
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'{}{}; base-uri 'none'; "
      "frame-ancestors{}",
      form_origin.empty() ? "" : " ", form_origin, ancestors.empty() ? " 'none'" : ancestors);
}

void protect(Response& response, const char* referrer_policy = "no-referrer") {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Referrer-Policy", referrer_policy);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
}

}  // namespace

Response page(const Runtime& runtime, PageKind kind, int status, std::string html, const std::string& form_origin) {
  Response response{
      .status = status, .headers = {}, .content_type = "text/html; charset=utf-8", .body = std::move(html)};
  // Without a referrer a browser writes "Origin: null" on a form's POST, which proves nothing.
  protect(response, kind == PageKind::with_forms ? "same-origin" : "no-referrer");
  response.headers.emplace_back("Content-Security-Policy", content_security_policy(runtime, form_origin));
  return response;
}

Response redirect(int status, const std::string& location) {
  Response response{.status = status, .headers = {}, .content_type = {}, .body = {}};
  protect(response);
  response.headers.emplace_back("Location", location);
  return response;
}

Response message(const Runtime& runtime, const Visit& visit, int status, pages::MessagePage content) {
  content.request_id = visit.request.request_id;
  Response response = page(runtime, PageKind::without_forms, status, visit.pages.message(content));
  if (content.reload_after > 0) response.headers.emplace_back("Retry-After", std::to_string(content.reload_after));
  return response;
}

Response failure(const Runtime& runtime, const Visit& visit, const Error& error) {
  const Said said = said_of(error.fault);
  const Reaction& reaction = reaction_to(error.fault);
  tell_failure(runtime, visit.log, {}, error, fmt::format("answered {}", reaction.status));
  pages::MessagePage content{.title = visit.say(said.title),
                             .text = visit.say(said.text),
                             .request_id = {},
                             .reload_after = spread(reaction.retry_after),
                             .actions = {}};
  const bool no_use_of_settings = error.fault == Fault::forbidden || error.fault == Fault::unauthenticated;
  if (!no_use_of_settings) content.actions.push_back(link_to_settings(visit));
  return message(runtime, visit, reaction.status, std::move(content));
}

Response too_soon(const Visit& visit) {
  visit.log.write(LogLevel::info, "CALINT0215", "the same was asked for a moment ago");
  return finish_at(std::string(kSettingsPath), Notice::rate_limited);
}

Response method_not_allowed(const std::string& allow) {
  Response response{.status = 405,
                    .headers = {},
                    .content_type = "text/plain; charset=utf-8",
                    .body = "This address answers " + allow + " only.\n"};
  protect(response);
  response.headers.emplace_back("Allow", allow);
  return response;
}

Response finish_at(const std::string& path, Notice notice) {
  return redirect(303, with_query(path, "calint_notice", to_string(notice)));
}

}  // namespace calint::site
