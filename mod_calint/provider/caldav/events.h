// Interviews as objects of a calendar over CalDAV (providers.md, 4.8).
#pragma once

#include <string>

#include "net/transport.h"
#include "provider/caldav/server.h"
#include "provider/events.h"

namespace calint::caldav {

// An object is named after the key, and the key is its UID. EventPlace::id is its path below the calendar's, as
// listing.h's object_key(). Where that is unknown, and where find() and cancel() don't meet the event under it, it is
// looked for by its UID. Objects are never written but over the etag that was read with them: after a refusal they are
// read again, three times at most, so nothing is lost, and nothing that was deleted comes back. Guests are invited by
// the server, if it invites at all.
class CalendarEvents final : public Events {
 public:
  // `transport` outlives it.
  CalendarEvents(Server server, Transport& transport) : server_(std::move(server)), transport_(transport) {}

  bool makes_rooms() const override { return false; }
  bool hides_guests() const override { return false; }
  bool names_guests() const override { return true; }
  bool finds_anywhere() const override { return false; }

  // gone, too, where the server doesn't take the UID and has no such event: it was deleted, or is in another calendar.
  Result<provider::CreatedEvent> create(const Access& access, const provider::NewEvent& wanted,
                                        const provider::EventContent& content, Instant now,
                                        Deadline deadline) override;
  Result<provider::WrittenEvent> change(const Access& access, const provider::EventPlace& place,
                                        const provider::EventContent& content, const provider::EventParts& parts,
                                        Instant now, Deadline deadline) override;
  Result<provider::Cancelled> cancel(const Access& access, const provider::EventPlace& place,
                                     const provider::EventContent& content, Instant now,
                                     Deadline deadline) override;
  Result<std::optional<provider::WrittenEvent>> find(const Access& access, const provider::EventPlace& place,
                                                     Instant now, Deadline deadline) override;

 private:
  const Server server_;
  Transport& transport_;
};

}  // namespace calint::caldav
