#include <strings.h>

#include <utility>

#include "provider/outlook/errors.h"
#include "provider/outlook/event_reply.h"
#include "provider/outlook/outlook.h"
#include "provider/outlook/requests.h"
#include "provider/shared/event_errors.h"
#include "provider/shared/event_texts.h"

namespace calint::outlook {
namespace {

using provider::Cancelled;
using provider::CreatedEvent;
using provider::EventContent;
using provider::EventParts;
using provider::EventPlace;
using provider::NewEvent;
using provider::WrittenEvent;

// Graph's list of zones is older than this server's.
bool is_zone(const Error& error) { return strcasecmp(error.code.c_str(), kUnknownZone.data()) == 0; }

// An event as it was read, and where.
struct Found {
  EventReply reply;
  EventAddress address;
};

class OutlookEvents final : public Events {
 public:
  OutlookEvents(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  bool makes_rooms() const override { return true; }
  bool hides_guests() const override { return true; }
  bool names_guests() const override { return true; }
  bool finds_anywhere() const override { return true; }

  // Nobody says for how long Graph remembers a transactionId; the key stays with the event.
  Result<CreatedEvent> create(const Access& access, const NewEvent& wanted, const EventContent& content, Instant now,
                              Deadline deadline) override {
    const auto& [calendar, key, is_repeated] = wanted;
    const EventPlace place{.calendar = calendar, .key = key};
    if (is_repeated) {
      auto known = read_by_key(access, place, now, deadline);
      if (known) return CreatedEvent{.event = std::move(known->reply.event), .was_there = true};
      if (known.error().detail != Detail::deleted) return std::move(known).error();
    }
    if (content.wants_room)
      if (auto rooms = has_rooms(access, calendar, now, deadline); !rooms) return std::move(rooms).error();
    auto made = post(access, place, content, now, deadline);
    if (!made && is_zone(made.error())) made = post(access, place, provider::in_utc(content), now, deadline);
    if (!made && made.error().fault == Fault::conflict)
      made = made_before(access, place, std::move(made).error(), now, deadline);
    return made;
  }

  Result<WrittenEvent> change(const Access& access, const EventPlace& place, const EventContent& content,
                              const EventParts& parts, Instant now, Deadline deadline) override {
    auto changed = apply(access, place, content, parts, now, deadline);
    if (!changed && parts.time && is_zone(changed.error()))
      changed = apply(access, place, provider::in_utc(content), parts, now, deadline);
    return changed;
  }

  // The organiser of a meeting calls it off; what has no guests, or is somebody else's, is only taken away, and so is
  // what Graph doesn't take for a meeting.
  Result<Cancelled> cancel(const Access& access, const EventPlace& place, const EventContent&, Instant now,
                           Deadline deadline) override {
    auto known = read(access, place, now, deadline);
    if (!known && known.error().fault == Fault::gone) return Cancelled::not_there;
    if (!known) return std::move(known).error();
    const auto& [reply, address] = *known;
    if (reply.is_organiser && !reply.is_cancelled && !reply.known.guests.empty()) {
      auto ended = drop(cancel_request(options_.api_url, access.token, address), now, deadline);
      if (ended || ended.error().fault != Fault::bug) return ended;
    }
    return drop(delete_request(options_.api_url, access.token, address), now, deadline);
  }

  Result<std::optional<WrittenEvent>> find(const Access& access, const EventPlace& place, Instant now,
                                           Deadline deadline) override {
    auto known = read(access, place, now, deadline);
    if (!known && known.error().fault == Fault::gone) return std::optional<WrittenEvent>();
    if (!known) return std::move(known).error();
    if (known->reply.is_cancelled) return std::optional<WrittenEvent>();
    return std::optional(std::move(known->reply.event));
  }

 private:
  Result<HttpResponse> send(const HttpRequest& request, Instant now, Deadline deadline) {
    auto response = transport_.send(request, deadline);
    if (!response) return response;
    if (response->status != 200 && response->status != 201) return event_error(*response, now);
    return response;
  }

  // One that surely makes none must not leave an event without.
  Status has_rooms(const Access& access, const std::string& calendar, Instant now, Deadline deadline) {
    auto response = send(calendar_rooms_request(options_.api_url, access.token, calendar), now, deadline);
    if (!response) return std::move(response).error();
    auto makes_rooms = parse_makes_rooms(*response);
    if (!makes_rooms) return std::move(makes_rooms).error();
    if (*makes_rooms) return {};
    return Error{.fault = Fault::bad_input, .what = "the calendar makes no meetings of Teams",
                 .detail = Detail::no_room};
  }

  Result<CreatedEvent> post(const Access& access, const EventPlace& place, const EventContent& content, Instant now,
                            Deadline deadline) {
    const auto begin = std::chrono::steady_clock::now();
    auto response = send(create_request(options_.api_url, access.token, place.calendar,
                                        create_body(place.key, content)), now, deadline);
    if (!response) return std::move(response).error();
    auto reply = parse_event(*response, place.calendar);
    if (!reply) return std::move(reply).error();
    reply->event.place.key = place.key;
    const auto elapsed = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    return CreatedEvent{.event = std::move(reply->event), .was_there = was_there_before(*reply, *response, elapsed)};
  }

  // The key was used: the event stands in its calendar, or was deleted since.
  Result<CreatedEvent> made_before(const Access& access, const EventPlace& place, Error refusal, Instant now,
                                   Deadline deadline) {
    auto known = read(access, place, now, deadline);
    if (known) return CreatedEvent{.event = std::move(known->reply.event), .was_there = true};
    if (known.error().fault != Fault::gone) return std::move(known).error();
    if (strcasecmp(refusal.code.c_str(), "ErrorDuplicateTransactionId") == 0) return provider::deleted_event();
    refusal.fault = Fault::unavailable;
    return refusal;
  }

  // As it stands; gone where it isn't there. Its calendar, which may be a colleague's, is asked first, and then the
  // mailbox, where people move it about.
  Result<Found> read(const Access& access, const EventPlace& place, Instant now, Deadline deadline) {
    if (place.id.empty()) return read_by_key(access, place, now, deadline);
    auto found = read_at({place.calendar, place.id}, access, place, now, deadline);
    if (found || found.error().fault != Fault::gone) return found;
    return read_at({"", place.id}, access, place, now, deadline);
  }

  Result<Found> read_at(const EventAddress& address, const Access& access, const EventPlace& place, Instant now,
                        Deadline deadline) {
    auto response = send(standing_request(options_.api_url, access.token, address), now, deadline);
    if (!response) return std::move(response).error();
    auto reply = parse_event(*response, place.calendar);
    if (!reply) return std::move(reply).error();
    reply->event.place.key = place.key;
    return Found{std::move(*reply), address};
  }

  Result<Found> read_by_key(const Access& access, const EventPlace& place, Instant now, Deadline deadline) {
    auto response = send(find_request(options_.api_url, access.token, place), now, deadline);
    if (!response) return std::move(response).error();
    auto reply = parse_found(*response, place.calendar);
    if (!reply) return std::move(reply).error();
    if (!*reply) return provider::deleted_event();
    EventReply& event = **reply;
    event.event.place.key = place.key;
    EventAddress address{place.calendar, event.event.place.id};
    return Found{std::move(event), std::move(address)};
  }

  // What others have done since the event was read is read again, never overwritten.
  Result<WrittenEvent> apply(const Access& access, const EventPlace& place, const EventContent& content,
                             const EventParts& parts, Instant now, Deadline deadline) {
    for (int round = 0; round < provider::kMostRounds; ++round) {
      auto known = read(access, place, now, deadline);
      if (!known) return std::move(known).error();
      const auto& [reply, address] = *known;
      if (reply.is_cancelled) return provider::deleted_event();
      auto response = send(patch_request(options_.api_url, access.token, address, reply.etag,
                                         patch_body(content, parts, reply.known)),
                           now, deadline);
      if (response) {
        auto changed = parse_event(*response, place.calendar);
        if (!changed) return std::move(changed).error();
        changed->event.place.key = place.key;
        return std::move(changed->event);
      }
      if (response.error().fault != Fault::conflict) return std::move(response).error();
    }
    return provider::changed_by_others();
  }

  Result<Cancelled> drop(const HttpRequest& request, Instant now, Deadline deadline) {
    auto response = transport_.send(request, deadline);
    if (!response) return std::move(response).error();
    if (response->status == 202 || response->status == 204 || response->status == 200)
      return Cancelled::yes;
    Error error = event_error(*response, now);
    if (error.fault == Fault::gone) return Cancelled::not_there;
    if (error.fault == Fault::conflict) error.fault = Fault::unavailable;
    return error;
  }

  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Events> make_events(Options options, Transport& transport) {
  return std::make_unique<OutlookEvents>(std::move(options), transport);
}

}  // namespace calint::outlook
