#include "provider/caldav/discovery.h"

#include "provider/caldav/errors.h"
#include "provider/caldav/hosts.h"
#include "provider/caldav/multistatus.h"
#include "provider/caldav/replies.h"
#include "provider/caldav/requests.h"
#include "provider/shared/calendar_list.h"

namespace calint::caldav {
namespace {

constexpr int kMostRedirects = 5;

bool is_redirect(int status) { return status == 301 || status == 302 || status == 307 || status == 308; }

// RFC 9110, 15.5.20.
constexpr int kMisdirected = 421;

}  // namespace

bool Discovery::allows(const Url& url) const { return may_get_password(url, parts_.entry, parts_.hosts); }

Result<HttpResponse> Discovery::send(const Url& url, Question question) {
  if (!allows(url)) return foreign_host();
  auto response = parts_.transport.send(question(url, parts_.credentials), parts_.deadline);
  if (!response) response.error().nothing_sent = response.error().nothing_sent && !sent_;
  sent_ = true;
  return response;
}

Result<Discovery::Answer> Discovery::ask(Url url, Question question) {
  for (;;) {
    auto response = send(url, question);
    if (!response) return std::move(response).error();
    if (!is_redirect(response->status)) return Answer{.url = std::move(url), .response = std::move(*response)};
    if (++redirects_ > kMostRedirects)
      return Error{.fault = Fault::unavailable, .what = "CalDAV redirects more than five times", .code = "redirects"};
    auto target = resolve_url(url, response->header("location"));
    if (!target) return dav::unusable_answer("redirects to no usable URL");
    url = std::move(*target);
  }
}

// nullopt where nobody there knows.
Result<std::optional<Url>> Discovery::principal_at(const Url& url) {
  auto answer = ask(url, principal_request);
  if (!answer) return std::move(answer).error();
  if (answer->response.status == 404 || answer->response.status == 405) return std::optional<Url>();
  auto href = parse_principal(answer->response, parts_.now);
  if (!href) return std::move(href).error();
  if (href->empty()) return std::optional<Url>();
  auto principal = resolve_url(answer->url, *href);
  if (!principal) return dav::unusable_answer("names a principal without usable href");
  return std::optional(std::move(*principal));
}

Result<Url> Discovery::find_principal() {
  Url well_known = parts_.entry;
  well_known.path = "/.well-known/caldav";
  for (const Url& url : {parts_.entry, well_known}) {
    auto principal = principal_at(url);
    if (!principal) return std::move(principal).error();
    if (*principal) return std::move(**principal);
  }
  return dav::unusable_answer("names no principal");
}

Result<Url> Discovery::find_home(const Url& principal) {
  auto answer = ask(principal, home_request);
  if (!answer) return std::move(answer).error();
  auto homes = parse_homes(answer->response, parts_.now);
  if (!homes) return std::move(homes).error();
  if (homes->empty()) return dav::unusable_answer("names no calendar home");
  for (const std::string& href : *homes)
    if (auto home = resolve_url(answer->url, href); home && allows(*home)) return home;
  return foreign_host();
}

Result<CalendarList> Discovery::list_in(const Answer& answer, std::string principal) const {
  const Home home{.url = answer.url,
                  .principal = std::move(principal),
                  .may_be_asked = [this](const Url& url) { return allows(url); }};
  auto calendars = parse_calendars(answer.response, home, parts_.now);
  if (!calendars) return std::move(calendars).error();
  return CalendarList{.calendars = std::move(*calendars), .memory = answer.url.text()};
}

Result<Found> Discovery::find() {
  auto principal = find_principal();
  if (!principal) return std::move(principal).error();
  std::string key = dav::href_key(principal->path);
  if (!provider::is_calendar_id(key)) return dav::unusable_answer("names a principal without usable href");
  auto home = find_home(*principal);
  if (!home) return std::move(home).error();
  auto answer = ask(std::move(*home), calendars_request);
  if (!answer) return std::move(answer).error();
  auto list = list_in(*answer, key);
  if (!list) return std::move(list).error();
  return Found{.principal = std::move(key), .list = std::move(*list)};
}

std::optional<Result<CalendarList>> Discovery::look_at(const std::string& home_url) {
  auto home = parse_url(home_url);
  if (!home || !allows(*home)) return std::nullopt;
  auto response = send(*home, calendars_request);
  if (!response) return std::move(response).error();
  const int status = response->status;
  const bool refused_elsewhere = status == 401 && home->origin() != parts_.entry.origin();
  if (status == 404 || status == kMisdirected || is_redirect(status) || refused_elsewhere) return std::nullopt;
  return list_in({.url = std::move(*home), .response = std::move(*response)}, "");
}

}  // namespace calint::caldav
