#include "provider/google/errors.h"
#include "provider/google/event_reply.h"
#include "provider/google/google.h"
#include "provider/google/requests.h"
#include "provider/shared/event_errors.h"
#include "provider/shared/event_texts.h"

namespace calint::google {
namespace {

using provider::Cancelled;
using provider::CreatedEvent;
using provider::EventContent;
using provider::EventParts;
using provider::EventPlace;
using provider::NewEvent;
using provider::WrittenEvent;

// A zone that this server knows may be none of Google's, and nothing else in the body says when the event is.
bool may_be_zone(const Error& error, const EventContent& content) {
  return error.fault == Fault::bad_input && error.detail == Detail::none && !provider::is_in_utc(content);
}

class GoogleEvents final : public Events {
 public:
  GoogleEvents(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  bool makes_rooms() const override { return true; }
  bool hides_guests() const override { return true; }
  bool names_guests() const override { return false; }
  bool finds_anywhere() const override { return false; }

  Result<CreatedEvent> create(const Access& access, const NewEvent& wanted, const EventContent& content, Instant now,
                              Deadline deadline) override {
    const std::string &calendar = wanted.calendar, &key = wanted.key;
    auto made = insert(access, calendar, key, content, now, deadline);
    if (!made && may_be_zone(made.error(), content))
      made = insert(access, calendar, key, provider::in_utc(content), now, deadline);
    if (made) return CreatedEvent{.event = std::move(made->event)};
    if (made.error().fault != Fault::conflict) return std::move(made).error();
    auto known = read(access, {.calendar = calendar, .key = key, .id = key}, now, deadline);
    // Ids of deleted events stay taken when nothing is told of those any more.
    if (known ? known->is_cancelled : known.error().fault == Fault::gone) return provider::deleted_event();
    if (!known) return std::move(known).error();
    if (known->key != key)
      return Error{.fault = Fault::corrupt, .what = "another event has the id of this one", .code = "event_id"};
    return CreatedEvent{.event = std::move(known->event), .was_there = true};
  }

  Result<WrittenEvent> change(const Access& access, const EventPlace& place, const EventContent& content,
                              const EventParts& parts, Instant now, Deadline deadline) override {
    auto changed = apply(access, place, content, parts, now, deadline);
    if (!changed && parts.time && may_be_zone(changed.error(), content))
      changed = apply(access, place, provider::in_utc(content), parts, now, deadline);
    return changed;
  }

  Result<Cancelled> cancel(const Access& access, const EventPlace& place, const EventContent& content, Instant now,
                           Deadline deadline) override {
    auto response =
        transport_.send(delete_request(options_.api_url, access.token, place, content.notifies), deadline);
    if (!response) return std::move(response).error();
    if (response->status == 204 || response->status == 200) return Cancelled::yes;
    Error error = event_error(*response, now);
    if (error.fault == Fault::gone) return Cancelled::not_there;
    return error;
  }

  Result<std::optional<WrittenEvent>> find(const Access& access, const EventPlace& place, Instant now,
                                           Deadline deadline) override {
    auto known = read(access, place, now, deadline);
    if (!known && known.error().fault == Fault::gone) return std::optional<WrittenEvent>();
    if (!known) return std::move(known).error();
    // In a colleague's calendar there may be their copy.
    const bool is_copy = !known->is_organised_here && known->key != place.key;
    if (known->is_cancelled || is_copy) return std::optional<WrittenEvent>();
    return std::optional(std::move(known->event));
  }

 private:
  Result<EventReply> send(const HttpRequest& request, const EventPlace& place, Instant now, Deadline deadline) {
    auto response = transport_.send(request, deadline);
    if (!response) return std::move(response).error();
    if (response->status != 200) return event_error(*response, now);
    auto reply = parse_event(*response, place.calendar);
    if (reply) reply->event.place.key = place.key;
    return reply;
  }

  Result<EventReply> insert(const Access& access, const std::string& calendar, const std::string& key,
                            const EventContent& content, Instant now, Deadline deadline) {
    return send(insert_request(options_.api_url, access.token, calendar, content, insert_body(key, content)),
                {.calendar = calendar, .key = key}, now, deadline);
  }

  Result<EventReply> read(const Access& access, const EventPlace& place, Instant now, Deadline deadline) {
    return send(event_request(options_.api_url, access.token, place), place, now, deadline);
  }

  // What others have done since the event was read is read again, never overwritten.
  Result<WrittenEvent> apply(const Access& access, const EventPlace& place, const EventContent& content,
                             const EventParts& parts, Instant now, Deadline deadline) {
    for (int round = 0; round < provider::kMostRounds; ++round) {
      auto known = read(access, place, now, deadline);
      if (!known) return std::move(known).error();
      if (known->is_cancelled) return provider::deleted_event();
      const std::string body = patch_body(content, parts, known->guests);
      auto changed = send(patch_request(options_.api_url, access.token, place, content.notifies, known->etag, body),
                          place, now, deadline);
      if (changed) return std::move(changed->event);
      if (changed.error().fault == Fault::forbidden) return refused(access, place, changed.error(), now, deadline);
      if (changed.error().fault != Fault::conflict) return std::move(changed).error();
    }
    return provider::changed_by_others();
  }

  // Google says of an event that has just been deleted that it may not be changed.
  Error refused(const Access& access, const EventPlace& place, const Error& error, Instant now, Deadline deadline) {
    auto known = read(access, place, now, deadline);
    return known && known->is_cancelled ? provider::deleted_event() : error;
  }

  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Events> make_events(Options options, Transport& transport) {
  return std::make_unique<GoogleEvents>(std::move(options), transport);
}

}  // namespace calint::google
