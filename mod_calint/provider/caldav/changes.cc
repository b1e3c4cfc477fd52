#include "provider/caldav/changes.h"

#include <iterator>
#include <span>

#include "provider/caldav/account.h"
#include "provider/caldav/errors.h"
#include "provider/caldav/listing.h"
#include "provider/caldav/objects.h"
#include "provider/caldav/position.h"
#include "provider/caldav/requests.h"
#include "provider/provider.h"

namespace calint::caldav {
namespace {

using provider::ChangesPage;
using provider::ChangesQuery;

constexpr int kMultistatus = 207;

// Objects that a server should name in one answer; many name all at once.
constexpr int kObjectsOfPage = 2'000;

// Requests for several objects that may fail in one fetch(): enough to find two that make a server fail.
constexpr int kMostFailures = 12;

// Statuses by which servers refuse a token, beside a 403 that says so (4.6). A 500 may mean anything: without a token the
// server shows whether it was that, at the price of a listing.
bool refuses_token(const HttpResponse& response) {
  switch (response.status) {
    case 400:
    case 409:
    case 410:
    case 412:
    case 418:
    case 500:
    case 507: return true;
    case 403: return response.body.reveal().find("valid-sync-token") != std::string_view::npos;
    default: return false;
  }
}

// Whether the report itself is refused (RFC 3253, 3.6; RFC 9110, 15).
bool has_no_report(const HttpResponse& response) {
  const int status = response.status;
  return status == 405 || status == 415 || status == 501 ||
         (status == 403 && response.body.reveal().find("supported-report") != std::string_view::npos);
}

// One calendar, for one call.
class Calendar {
 public:
  Calendar(const Server& server, Transport& transport, const Access& access, const ChangesQuery& query, Instant now,
           Deadline deadline)
      : server_(server),
        transport_(transport),
        query_(query),
        credentials_{.user = access.account, .password = access.token},
        known_(parse_known_account(access.memory)),
        now_(now),
        deadline_(deadline) {}

  Result<ChangesPage> first_page();
  Result<ChangesPage> page(const Position& position);
  Result<provider::Fetched> fetch(const std::vector<provider::NamedSeries>& named);

 private:
  Status find();
  void be_at(const Url& url);
  Result<HttpResponse> send(HttpRequest request) {
    return send_to(server_, transport_, std::move(request), deadline_, [this](const Url& url) { be_at(url); });
  }
  Error refusal(const HttpResponse& response) const { return of_calendar(caldav_error(response, now_)); }
  Result<HttpResponse> read(HttpRequest request, const std::function<void(dav::Response response)>& take,
                            std::string* token = nullptr);
  Result<State> state();
  Result<ChangesPage> listed(const State& state);
  Result<ChangesPage> changed(Position position, const State* of_first);
  Result<provider::Fetched> fetch_some(std::span<const provider::NamedSeries> named);

  const Server& server_;
  Transport& transport_;
  const ChangesQuery& query_;
  const BasicCredentials credentials_;
  const KnownAccount known_;
  const Instant now_;
  const Deadline deadline_;
  Url url_;           // of the calendar, as far as requests were led on
  std::string path_;  // its, as dav::href_key
  calendar::Accounts accounts_;
  int failures_ = 0;
};

Status Calendar::find() {
  auto url = calendar_url(known_, server_.entry, query_.calendar);
  if (!url) return not_whole("has named the calendar without usable href");
  be_at(*url);
  return {};
}

// Every request is for the calendar: where one is led to, the answer's hrefs are, and the next ones go.
void Calendar::be_at(const Url& url) {
  url_ = url;
  path_ = dav::href_key(url_.path);
}

// An answer of another status comes as it is. A 207 that isn't one to its end is none.
Result<HttpResponse> Calendar::read(HttpRequest request, const std::function<void(dav::Response response)>& take,
                                    std::string* token) {
  dav::MultistatusStream stream(take);
  bool is_good = true;
  request.taker = {.status = kMultistatus,
                   .take = [&](std::string_view piece) { return is_good = stream.feed(piece); }};
  auto response = send(std::move(request));
  if (response && response->status != kMultistatus) return response;
  if (!response && is_good) return response;
  auto end = stream.finish();
  if (!end) {
    end.error().fault = Fault::unavailable;
    return std::move(end).error();
  }
  if (token != nullptr) *token = std::move(*end);
  return response;
}

Result<State> Calendar::state() {
  State state;
  auto response = read(state_request(url_, credentials_), [&](const dav::Response& one) { state.take(one); });
  if (!response) return std::move(response).error();
  if (response->status != kMultistatus) return refusal(*response);
  if (state.failure != 0) return of_calendar(caldav_error(state.failure));
  return state;
}

Result<ChangesPage> Calendar::first_page() {
  if (auto found = find(); !found) return std::move(found).error();
  auto state = this->state();
  if (!state) return std::move(state).error();
  if (state->has_sync_collection) return changed({.by = Position::By::token}, &*state);
  return listed(*state);
}

// The round that goes on from there.
Result<ChangesPage> Calendar::page(const Position& position) {
  if (auto found = find(); !found) return std::move(found).error();
  if (position.by == Position::By::token) return changed(position, nullptr);
  auto state = this->state();
  if (!state) return std::move(state).error();
  if (position.by == Position::By::ctag && state->ctag == position.value && !state->has_sync_collection)
    return ChangesPage{.items = {}, .next_page = {}, .cursor = position.text(), .zone = {}, .left_out = {}};
  return Error{.fault = Fault::resync, .what = "only a listing tells what has changed in the calendar"};
}

// All that there is. The ctag is of before the listing: what changes meanwhile makes another one.
Result<ChangesPage> Calendar::listed(const State& state) {
  Listing listing(path_);
  auto response = read(objects_request(url_, credentials_), [&](const dav::Response& one) { listing.take(one); });
  if (!response) return std::move(response).error();
  if (response->status != kMultistatus) return refusal(*response);
  if (listing.failure() != 0) return of_calendar(caldav_error(listing.failure()));
  if (!listing.names_calendar() || listing.is_cut()) return not_whole("isn't whole");
  if (listing.is_too_long()) return not_whole("is too long");
  const Position position{.by = state.ctag.empty() ? Position::By::none : Position::By::ctag, .value = state.ctag};
  return ChangesPage{.items = {},
                     .named = std::move(listing.named),
                     .next_page = {},
                     .cursor = position.text(),
                     .zone = {},
                     .left_out = std::move(listing.left_out)};
}

// `of_first`: of a calendar that is asked for the first time in this round, and may have another way.
Result<ChangesPage> Calendar::changed(Position position, const State* of_first) {
  const bool has_token = !position.value.empty();
  for (;;) {
    Listing listing(path_);
    std::string token;
    const int most = position.is_unlimited ? 0 : kObjectsOfPage;
    auto response = read(sync_request(url_, credentials_, position.value, most),
                         [&](const dav::Response& one) { listing.take(one); }, &token);
    if (!response) return std::move(response).error();
    const int status = response->status;
    if ((status == 507 || status == 500) && !position.is_unlimited) {
      position.is_unlimited = true;
      continue;
    }
    if (of_first != nullptr && has_no_report(*response)) return listed(*of_first);
    if (status != kMultistatus) {
      Error error = refusal(*response);
      if (has_token && (refuses_token(*response) || has_no_report(*response))) error.fault = Fault::resync;
      return error;
    }
    if (listing.refuses_token() && has_token)
      return Error{.fault = Fault::resync, .what = "the CalDAV server doesn't know the sync-token any more"};
    if (listing.failure() != 0) return of_calendar(caldav_error(listing.failure()));
    if (listing.is_too_long()) return not_whole("is too long");
    // It may have been ended by the limit without a word, with a token behind all that there is.
    if (most > 0 && !listing.is_cut() && listing.count() == static_cast<size_t>(most)) {
      position.is_unlimited = true;
      continue;
    }
    if (token.empty() || (listing.is_cut() && token == position.value)) return not_whole("has no token to go on with");
    position.value = std::move(token);
    ChangesPage page{.items = std::move(listing.items),
                     .named = std::move(listing.named),
                     .next_page = {},
                     .cursor = {},
                     .zone = {},
                     .left_out = std::move(listing.left_out)};
    (listing.is_cut() ? page.next_page : page.cursor) = position.text();
    return page;
  }
}

Result<provider::Fetched> Calendar::fetch(const std::vector<provider::NamedSeries>& named) {
  if (auto found = find(); !found) return std::move(found).error();
  accounts_ = query_.accounts;
  accounts_.insert(accounts_.end(), known_.addresses.begin(), known_.addresses.end());
  return fetch_some(named);
}

// Where a server fails at several, one of them may be why: each half is asked for by itself, as long as it may fail.
Result<provider::Fetched> Calendar::fetch_some(std::span<const provider::NamedSeries> named) {
  Objects objects(named, path_, accounts_);
  std::vector<std::string> hrefs;
  for (const provider::NamedSeries& one : named) hrefs.push_back(one.text);
  auto response =
      read(multiget_request(url_, credentials_, hrefs), [&](const dav::Response& one) { objects.take(one); });
  if (response && response->status == kMultistatus) return objects.finish();
  Error error = response ? refusal(*response) : std::move(response).error();
  const bool may_be_ones = error.code == "caldav" || error.code == "500" || error.code == "502";
  if (!may_be_ones) return error;
  if (named.size() == 1 || ++failures_ > kMostFailures)
    return provider::Fetched{.items = {}, .owed = {named.begin(), named.end()}, .left_out = {}};
  auto first = fetch_some(named.first(named.size() / 2));
  if (!first) return first;
  auto second = fetch_some(named.subspan(named.size() / 2));
  if (!second) return second;
  const auto append = [](auto& to, auto& from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
  };
  append(first->items, second->items);
  append(first->owed, second->owed);
  append(first->left_out, second->left_out);
  return first;
}

}  // namespace

Result<ChangesPage> CalendarChanges::read(const Access& access, const ChangesQuery& query, Instant now,
                                          Deadline deadline) {
  Calendar calendar(server_, transport_, access, query, now, deadline);
  const std::string& text = query.page.empty() ? query.cursor : query.page;
  if (text.empty()) return calendar.first_page();
  auto position = parse_position(text);
  if (!position) return Error{.fault = Fault::resync, .what = position.error().what};
  return calendar.page(*position);
}

Result<provider::Fetched> CalendarChanges::fetch(const Access& access, const ChangesQuery& query,
                                                 const std::vector<provider::NamedSeries>& named, Instant now,
                                                 Deadline deadline) {
  return Calendar(server_, transport_, access, query, now, deadline).fetch(named);
}

Result<provider::SeriesChanges> CalendarChanges::merge(const provider::KnownSeries&,
                                                       const std::vector<std::string>& items) const {
  return merge_objects(items);
}

}  // namespace calint::caldav
