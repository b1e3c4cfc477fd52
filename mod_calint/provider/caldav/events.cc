#include "provider/caldav/events.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "calendar/component.h"
#include "provider/caldav/account.h"
#include "provider/caldav/errors.h"
#include "provider/caldav/event_object.h"
#include "provider/caldav/listing.h"
#include "provider/caldav/requests.h"
#include "provider/provider.h"
#include "provider/shared/event_errors.h"

namespace calint::caldav {
namespace {

using provider::Cancelled;
using provider::CreatedEvent;
using provider::EventContent;
using provider::EventParts;
using provider::EventPlace;
using provider::WrittenEvent;

constexpr int kMultistatus = 207;
constexpr size_t kLongestEtag = 512;
constexpr size_t kLongestAnswer = 8 << 20;  // about one object
constexpr const char* kData = "{urn:ietf:params:xml:ns:caldav}calendar-data";

// Some servers, and some accounts of iCloud's, take no filter on UIDs: then those of all events are looked through, but
// for what is long past. An interview is at most two years ahead.
constexpr std::chrono::days kLookedBack{31};
constexpr std::chrono::days kLookedAhead{3 * 366};
bool may_refuse_filter(int status) {
  return (status >= 400 && status != 401 && status != 404 && status != 410 && status != 429 && status < 500) ||
         status == 500 || status == 501;
}

// As a header carries it; "" for what no If-Match can name.
std::string usable_etag(std::string_view text) {
  text = trimmed(text);
  const bool is_plain = std::none_of(text.begin(), text.end(), is_control);
  return is_plain && text.size() <= kLongestEtag ? std::string(text) : "";
}

// RFC 9110, 8.8.1: If-Match never fits one.
bool is_weak(std::string_view etag) { return etag.starts_with("W/"); }

// One that has our event in it, as it stands.
struct Object {
  std::string id;  // EventPlace::id
  std::string text;
  std::string etag;
  ReadEvent read;
};

// One calendar, for one call about one event.
class Calendar {
 public:
  Calendar(const Server& server, Transport& transport, const Access& access, std::string key, Instant now,
           Deadline deadline)
      : server_(server),
        transport_(transport),
        credentials_{.user = access.account, .password = access.token},
        known_(parse_known_account(access.memory)),
        key_(std::move(key)),
        now_(now),
        deadline_(deadline),
        organizer_{.address = organizer_of(known_, access.account), .accounts = known_.addresses} {
    organizer_.accounts.push_back(access.account);
  }

  Status open(const std::string& id);
  Result<CreatedEvent> create(const EventContent& content);
  Result<WrittenEvent> change(const EventPlace& place, const EventContent& content, const EventParts& parts);
  Result<Cancelled> cancel(const EventPlace& place);
  Result<std::optional<WrittenEvent>> find(const EventPlace& place);

 private:
  using Found = Result<std::optional<Object>>;

  std::string own_name() const { return key_ + ".ics"; }
  // To the calendar, and to an object of it. Where a request is led to, the next ones go.
  Result<HttpResponse> send(HttpRequest request) {
    return send_to(server_, transport_, std::move(request), deadline_, [this](const Url& url) { be_at(url); });
  }
  Result<HttpResponse> send(HttpRequest request, const std::string& id) {
    return send_to(server_, transport_, std::move(request), deadline_,
                   [this, &id](const Url& url) { be_around(url, id); });
  }
  void be_at(Url url);
  void be_around(const Url& object, const std::string& id);
  std::optional<Url> url_of(const std::string& id) const;
  Status write(HttpRequest request, const std::string& id);
  Found read(const std::string& id);
  Found read_listed(const std::string& id);
  Result<std::optional<std::string>> id_by_uid();
  // `status` is that of the answer; 0: there was none.
  Result<std::optional<std::string>> id_in(HttpRequest request, int& status);
  // Wherever it is in the calendar, but not under that name, which was looked at.
  Found search(const std::string& but_for);
  Found object_at(const EventPlace& place);
  // Under another name, too.
  Found object_of(const EventPlace& place);
  Error forbidden_or_gone(Error forbidden);
  WrittenEvent placed(const std::string& id, WrittenEvent event) const;

  const Server& server_;
  Transport& transport_;
  const BasicCredentials credentials_;
  const KnownAccount known_;
  const std::string key_;
  const Instant now_;
  const Deadline deadline_;
  Organizer organizer_;
  std::string id_;    // of the calendar
  Url url_;           // its, with a slash at the end
  std::string path_;  // its, as dav::href_key
};

Status Calendar::open(const std::string& id) {
  auto url = calendar_url(known_, server_.entry, id);
  if (!url) return Error{.fault = Fault::gone, .what = "the calendar's id leads nowhere", .code = "caldav"};
  id_ = id;
  be_at(std::move(*url));
  return {};
}

void Calendar::be_at(Url url) {
  url_ = std::move(url);
  if (!url_.path.ends_with('/')) url_.path += '/';
  path_ = dav::href_key(url_.path);
}

// Where that has become of the object's address. One that leads to another name says nothing of the calendar.
void Calendar::be_around(const Url& object, const std::string& id) {
  Url calendar = object;
  calendar.query = url_.query;
  for (auto parts = std::count(id.begin(), id.end(), '/') + 1; parts > 0 && !calendar.path.empty(); --parts)
    calendar.path.resize(calendar.path.rfind('/'));
  if (object_key(object.path, dav::href_key(calendar.path)) == id) be_at(std::move(calendar));
}

// nullopt for what can't be an object of the calendar.
std::optional<Url> Calendar::url_of(const std::string& id) const {
  std::string way;
  for (std::string_view rest = id; !rest.empty();) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    if (part.empty() || part == "." || part == "..") return std::nullopt;
    way.append(way.empty() ? "" : "/").append(percent_encode(part));
    rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  }
  if (way.empty()) return std::nullopt;
  Url url = url_;
  url.path += way;
  return url;
}

Status Calendar::write(HttpRequest request, const std::string& id) {
  auto response = send(std::move(request), id);
  if (!response) return std::move(response).error();
  if (auto error = write_error(*response, now_)) return std::move(*error);
  return {};
}

// The object of that name where our event is in it.
Calendar::Found Calendar::read(const std::string& id) {
  const auto url = url_of(id);
  if (!url) return std::optional<Object>();
  auto response = send(object_request(*url, credentials_), id);
  if (!response) return std::move(response).error();
  if (response->status == 404 || response->status == 410) return std::optional<Object>();
  if (response->status != 200) return of_calendar(caldav_error(*response, now_));
  Object object{.id = id, .text = std::string(response->body.reveal()), .etag = usable_etag(response->header("etag"))};
  if (object.etag.empty() || is_weak(object.etag)) {
    auto listed = read_listed(id);
    if (!listed || !*listed) return listed;
    object.text = std::move((*listed)->text);
    object.etag = std::move((*listed)->etag);
  }
  auto event = read_event(object.text, key_, organizer_);
  if (!event) return std::move(event).error();
  if (!*event) return std::optional<Object>();
  object.read = std::move(**event);
  return std::optional(std::move(object));
}

// Text and etag by a report, which no proxy changes. It names the object by its path: where the report is led to, that
// is another one, and it is asked once more.
Calendar::Found Calendar::read_listed(const std::string& id) {
  for (int round = 0; round < provider::kMostRounds; ++round) {
    const Url url = *url_of(id);
    HttpRequest request = multiget_request(url_, credentials_, {url.path});
    request.max_answer_bytes = kLongestAnswer;
    auto response = send(std::move(request));
    if (!response) return std::move(response).error();
    if (url_of(id)->path != url.path) continue;
    if (response->status != kMultistatus) return of_calendar(caldav_error(*response, now_));
    auto answers = dav::parse_multistatus(*response);
    if (!answers) return of_calendar(std::move(answers).error());
    for (const dav::Response& one : *answers) {
      if (dav::href_key(one.href) != dav::href_key(url.path)) continue;
      if (one.status == 404 || one.status == 410) return std::optional<Object>();
      const xml::Element* data = one.property(kData);
      std::string etag = version_of(one);
      if (data == nullptr || etag.empty()) break;
      return std::optional(Object{.text = data->text, .etag = std::move(etag)});
    }
    break;
  }
  return Error{.fault = Fault::unavailable, .what = "CalDAV gives no etag of an object", .code = "caldav"};
}

Result<std::optional<std::string>> Calendar::id_by_uid() {
  int status = 0;
  auto id = id_in(uid_request(url_, credentials_, key_), status);
  if (!may_refuse_filter(status)) return id;
  const auto now = std::chrono::floor<std::chrono::seconds>(now_);
  const calendar::Window window{.from = now - kLookedBack, .to = now + kLookedAhead};
  return id_in(uids_request(url_, credentials_, window), status);
}

Result<std::optional<std::string>> Calendar::id_in(HttpRequest request, int& status) {
  std::string id;
  int failure = 0;       // of the calendar itself
  bool is_whole = true;  // it shows all that there is (507, whatever it calls the answer by: it is cut)
  dav::MultistatusStream stream([&](const dav::Response& one) {
    const int wrong = one.failure();
    if (wrong != 0 && wrong != 507 && dav::href_key(one.href) == path_) failure = wrong;
    if (wrong / 100 == 5) is_whole = false;
    const xml::Element* data = one.property(kData);
    if (data == nullptr || !id.empty() || data->text.find(key_) == std::string::npos) return;
    const auto object = calendar::parse_component(data->text);
    const bool has_uid = object && std::any_of(object->components.begin(), object->components.end(),
                                               [&](const auto& part) { return part.text("UID") == key_; });
    if (has_uid) id = object_key(one.href, path_);
  });
  bool is_good = true;
  request.taker = {.status = kMultistatus,
                   .take = [&](std::string_view piece) { return is_good = stream.feed(piece); }};
  auto response = send(std::move(request));
  status = response ? response->status : 0;
  if (response && response->status != kMultistatus) return of_calendar(caldav_error(*response, now_));
  if (!response && is_good) return std::move(response).error();
  if (auto end = stream.finish(); !end) return of_calendar(std::move(end).error());
  if (!id.empty()) return std::optional(std::move(id));
  if (failure != 0) return of_calendar(caldav_error(failure));
  if (!is_whole) return not_whole("isn't whole");
  return std::optional<std::string>();
}

Calendar::Found Calendar::search(const std::string& but_for) {
  if (but_for != own_name()) {
    auto found = read(own_name());
    if (!found || *found) return found;
  }
  auto id = id_by_uid();
  if (!id) return std::move(id).error();
  if (!*id) return std::optional<Object>();
  return read(**id);
}

// Where the answer to its creation never came, it may be called otherwise by now.
Calendar::Found Calendar::object_at(const EventPlace& place) {
  return place.id.empty() ? search("") : read(place.id);
}

Calendar::Found Calendar::object_of(const EventPlace& place) {
  auto object = object_at(place);
  if (object && !*object && !place.id.empty()) return search(place.id);
  return object;
}

WrittenEvent Calendar::placed(const std::string& id, WrittenEvent event) const {
  event.place = {.calendar = id_, .key = key_, .id = id};
  return event;
}

// Some servers forbid to write into a calendar that isn't there.
Error Calendar::forbidden_or_gone(Error forbidden) {
  auto response = send(state_request(url_, credentials_));
  if (!response || (response->status != 404 && response->status != 410)) return forbidden;
  return of_calendar(caldav_error(*response, now_));
}

Result<CreatedEvent> Calendar::create(const EventContent& content) {
  const std::string text = written_object(key_, content, organizer_, now_);
  auto made = write(put_request(*url_of(own_name()), credentials_, "", text), own_name());
  if (made) {
    auto event = read_event(text, key_, organizer_);
    if (!event) return std::move(event).error();
    return CreatedEvent{.event = placed(own_name(), std::move((*event)->event))};
  }
  if (made.error().fault == Fault::forbidden) return forbidden_or_gone(std::move(made).error());
  if (made.error().fault != Fault::conflict) return std::move(made).error();
  auto object = search("");
  if (!object) return std::move(object).error();
  if (!*object || (*object)->read.is_cancelled) return provider::deleted_event();
  return CreatedEvent{.event = placed((*object)->id, std::move((*object)->read.event)), .was_there = true};
}

Result<WrittenEvent> Calendar::change(const EventPlace& place, const EventContent& content, const EventParts& parts) {
  for (int round = 0; round < provider::kMostRounds; ++round) {
    auto object = object_at(place);
    if (!object) return std::move(object).error();
    if (!*object || (*object)->read.is_cancelled) return provider::deleted_event();
    Object& known = **object;
    auto text = changed_object(known.text, key_, content, parts, organizer_, now_);
    if (!text) return std::move(text).error();
    if (*text == known.text) return placed(known.id, std::move(known.read.event));
    auto written = write(put_request(*url_of(known.id), credentials_, known.etag, *text), known.id);
    if (written) {
      auto event = read_event(*text, key_, organizer_);
      if (!event) return std::move(event).error();
      return placed(known.id, std::move((*event)->event));
    }
    if (written.error().fault == Fault::gone) return provider::deleted_event();
    if (written.error().fault != Fault::conflict) return std::move(written).error();
  }
  return provider::changed_by_others();
}

Result<Cancelled> Calendar::cancel(const EventPlace& place) {
  for (int round = 0; round < provider::kMostRounds; ++round) {
    auto object = object_of(place);
    if (!object) return std::move(object).error();
    if (!*object) return Cancelled::not_there;
    const Object& known = **object;
    auto gone = write(delete_request(*url_of(known.id), credentials_, known.etag), known.id);
    if (gone) return Cancelled::yes;
    // It was changed, renamed or deleted a moment ago.
    const Fault fault = gone.error().fault;
    if (fault != Fault::conflict && fault != Fault::gone) return std::move(gone).error();
  }
  return provider::changed_by_others();
}

Result<std::optional<WrittenEvent>> Calendar::find(const EventPlace& place) {
  auto object = object_of(place);
  if (!object) return std::move(object).error();
  if (!*object || (*object)->read.is_cancelled) return std::optional<WrittenEvent>();
  return std::optional(placed((*object)->id, std::move((*object)->read.event)));
}

}  // namespace

Result<CreatedEvent> CalendarEvents::create(const Access& access, const provider::NewEvent& wanted,
                                            const EventContent& content, Instant now, Deadline deadline) {
  Calendar one(server_, transport_, access, wanted.key, now, deadline);
  if (auto opened = one.open(wanted.calendar); !opened) return std::move(opened).error();
  return one.create(content);
}

Result<WrittenEvent> CalendarEvents::change(const Access& access, const EventPlace& place, const EventContent& content,
                                            const EventParts& parts, Instant now, Deadline deadline) {
  Calendar one(server_, transport_, access, place.key, now, deadline);
  if (auto opened = one.open(place.calendar); !opened) return std::move(opened).error();
  return one.change(place, content, parts);
}

Result<Cancelled> CalendarEvents::cancel(const Access& access, const EventPlace& place, const EventContent&,
                                         Instant now, Deadline deadline) {
  Calendar one(server_, transport_, access, place.key, now, deadline);
  if (auto opened = one.open(place.calendar); !opened) return Cancelled::not_there;
  auto cancelled = one.cancel(place);
  if (!cancelled && cancelled.error().fault == Fault::gone) return Cancelled::not_there;
  return cancelled;
}

Result<std::optional<WrittenEvent>> CalendarEvents::find(const Access& access, const EventPlace& place, Instant now,
                                                         Deadline deadline) {
  Calendar one(server_, transport_, access, place.key, now, deadline);
  if (auto opened = one.open(place.calendar); !opened) return std::optional<WrittenEvent>();
  auto found = one.find(place);
  if (!found && found.error().fault == Fault::gone) return std::optional<WrittenEvent>();
  return found;
}

}  // namespace calint::caldav
