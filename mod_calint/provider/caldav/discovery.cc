#include "provider/caldav/discovery.h"

#include "provider/caldav/account.h"
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

// A password that was refused isn't sent again: a provider may lock the account. Nor is a server that asks for time
// asked another question.
bool is_final(const Error& error) {
  return error.fault == Fault::reconnect || error.fault == Fault::rate_limited || error.retry_after.count() > 0;
}

// Of an account: its own, and those of whom it acts for.
constexpr size_t kMostHomes = 8;

// A home that answers so has nothing for this account. Of others, such as a 503, the calendars aren't gone.
bool is_for_good(int status) { return status == 403 || status == 404 || status == 410; }

}  // namespace

bool Discovery::allows(const Url& url) const { return may_get_password(url, parts_.entry, parts_.hosts); }

Result<HttpResponse> Discovery::send(const Url& url, Question question) {
  if (!allows(url)) return foreign_host();
  auto response = parts_.transport.send(question(url, parts_.credentials), parts_.deadline);
  if (!response) response.error().nothing_sent = response.error().nothing_sent && !sent_;
  sent_ = true;
  unanswered_ = unanswered_ || !response;
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

// A home's answer. What is past the bounds is dropped at once: up to eight of them wait for each other.
Discovery::Answer Discovery::within_bounds(Answer answer) {
  list_bytes_ += answer.response.body.reveal().size();
  answer.is_left_out = list_bytes_ > provider::kMostListBytes;
  if (answer.is_left_out) answer.response.body = Secret();
  return answer;
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
  std::optional<Error> first;
  for (const Url& url : {parts_.entry, well_known}) {
    redirects_ = 0;
    auto principal = principal_at(url);
    if (principal && *principal) return std::move(**principal);
    if (principal) continue;
    if (unanswered_ || is_final(principal.error())) return std::move(principal).error();
    if (!first) first = std::move(principal).error();
  }
  return first ? std::move(*first) : dav::unusable_answer("names no principal");
}

Result<std::vector<Url>> Discovery::find_homes(const Url& principal) {
  auto answer = ask(principal, home_request);
  if (!answer) return std::move(answer).error();
  auto hrefs = parse_homes(answer->response, parts_.now);
  if (!hrefs) return std::move(hrefs).error();
  if (hrefs->empty()) return dav::unusable_answer("names no calendar home");
  addresses_ = parse_addresses(answer->response);
  std::vector<Url> homes;
  for (const std::string& href : *hrefs)
    if (auto home = resolve_url(answer->url, href); home && allows(*home) && homes.size() < kMostHomes)
      homes.push_back(std::move(*home));
  if (homes.empty()) return foreign_host();
  return homes;
}

// A home that can't be looked into for good is left out, unless there is no other.
Result<CalendarList> Discovery::list_in(const std::vector<Answer>& homes, const std::string& principal) const {
  std::vector<HomeCalendars> found;
  std::optional<Error> first;
  KnownAccount known{.homes = {}, .addresses = addresses_};
  bool is_left_out = false;
  const auto remember = [&](const Url& home) { known.homes.push_back(home); };
  for (const Answer& answer : homes) {
    if (answer.is_left_out) {
      is_left_out = true;
      remember(answer.url);
      continue;
    }
    const Home home{.url = answer.url,
                    .origin = homes.front().url.origin(),
                    .principal = principal,
                    .may_be_asked = [this](const Url& url) { return allows(url); }};
    auto calendars = parse_calendars(answer.response, home, parts_.now);
    if (calendars) {
      found.push_back(std::move(*calendars));
      remember(answer.url);
    } else if (!is_for_good(answer.response.status)) {
      return std::move(calendars).error();
    } else if (!first) {
      first = std::move(calendars).error();
    }
  }
  if (found.empty()) return std::move(*first);
  CalendarList list = in_one_list(std::move(found));
  list.memory = known.text();
  list.is_cut = list.is_cut || is_left_out;
  return list;
}

Result<Found> Discovery::find() {
  auto principal = find_principal();
  if (!principal) return std::move(principal).error();
  std::string key = dav::href_key(principal->path);
  if (!provider::is_calendar_id(key)) return dav::unusable_answer("names a principal without usable href");
  auto homes = find_homes(*principal);
  if (!homes) return std::move(homes).error();
  std::vector<Answer> answers;
  for (Url& home : *homes) {
    auto answer = ask(std::move(home), calendars_request);
    if (!answer) return std::move(answer).error();
    answers.push_back(within_bounds(std::move(*answer)));
  }
  auto list = list_in(answers, key);
  if (!list) return std::move(list).error();
  return Found{.principal = std::move(key), .list = std::move(*list)};
}

std::optional<Result<CalendarList>> Discovery::look_at(const std::string& memory) {
  std::vector<Answer> answers;
  KnownAccount known = parse_known_account(memory);
  addresses_ = std::move(known.addresses);
  for (Url& home : known.homes) {
    if (!allows(home)) return std::nullopt;
    auto response = send(home, calendars_request);
    if (!response) return std::move(response).error();
    const int status = response->status;
    const bool refused_elsewhere = status == 401 && home.origin() != parts_.entry.origin();
    if (status == 404 || status == kMisdirected || is_redirect(status) || refused_elsewhere) return std::nullopt;
    answers.push_back(within_bounds({.url = std::move(home), .response = std::move(*response)}));
  }
  if (answers.empty()) return std::nullopt;
  return list_in(answers, "");
}

}  // namespace calint::caldav
