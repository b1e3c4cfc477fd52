#include "site/answers.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "runtime/trouble.h"
#include "site/links.h"

namespace calint::site {
namespace {

// What a person can do about it.
struct Said {
  const char* title;
  const char* text;
};

Said said_of(Fault fault) {
  switch (fault) {
    case Fault::bad_input:
      return {"That request can't be used",
              "Something in it is missing or malformed. Go back to your calendar settings and try again."};
    case Fault::unauthenticated: return {"Please sign in", "Your calendar settings need you to be signed in."};
    case Fault::forbidden:
    case Fault::denied:
      return {"You can't connect a calendar here",
              "Your account is not set up as an interviewer or administrator. Ask your administrator."};
    case Fault::not_found:
    case Fault::gone: return {"Not found", "There is nothing at this address."};
    case Fault::conflict:
    case Fault::resync:
      return {"Your connection has changed meanwhile",
              "Nothing was done. Look at your calendar settings as they are now and try again."};
    case Fault::reconnect:
      return {"Please connect your calendar again", "The provider no longer accepts the access that you gave."};
    case Fault::operator_fault:
      return {"Your administrator must mend this",
              "The calendar integration is not set up correctly on this server. Nothing was changed; reconnecting "
              "would not help."};
    case Fault::rate_limited:
    case Fault::too_many:
      return {"Just a moment", "Too much is going on right now. Nothing was lost: this page tries again by itself."};
    case Fault::unavailable:
    case Fault::in_doubt:
    case Fault::stopping:
      return {"Temporarily unavailable",
              "The calendar settings can't be reached right now. This page tries again by itself."};
    case Fault::corrupt:
    case Fault::bug: break;
  }
  return {"Something went wrong",
          "This is our mistake, not yours. Your administrator finds it in the server's log by the number below."};
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
  Response response{.status = status, .headers = {}, .content_type = "text/html; charset=utf-8", .body = std::move(html)};
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

Response message(const Runtime& runtime, int status, const Request& request, pages::MessagePage content) {
  content.request_id = request.request_id;
  Response response = page(runtime, PageKind::without_forms, status, runtime.pages().message(content));
  if (content.reload_after > 0) response.headers.emplace_back("Retry-After", std::to_string(content.reload_after));
  return response;
}

Response failure(const Runtime& runtime, const Visit& visit, const Error& error) {
  const Said said = said_of(error.fault);
  const Reaction& reaction = reaction_to(error.fault);
  tell_failure(runtime, visit.log, {}, error, said.title);
  pages::MessagePage content{.title = said.title,
                             .text = said.text,
                             .request_id = {},
                             .reload_after = spread(reaction.retry_after),
                             .actions = {}};
  const bool no_use_of_settings = error.fault == Fault::forbidden || error.fault == Fault::unauthenticated;
  if (!no_use_of_settings) content.actions.push_back({std::string(kSettingsPath), "Calendar settings"});
  return message(runtime, reaction.status, visit.request, std::move(content));
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
