// Interviews in the calendars of an account, as every provider writes them: created, changed, cancelled and looked at.
//
// A call may have its effect though its answer is lost, or its process ends before anybody notes what came. So each may
// be made again: create() finds what it made before by the key, change() and cancel() lead to the same state however
// often they come.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace calint {

struct Access;

namespace provider {

struct Guest {
  std::string email;  // its syntax was checked
  std::string name;   // empty: none
  bool is_optional = false;

  bool operator==(const Guest&) const = default;
};

// What an interview is to be. Texts are plain, clean UTF-8: shown as they are, so a dialect that takes markup gets them
// escaped. Only the description has line breaks ("\n").
struct EventContent {
  std::string title;
  std::string description;
  std::string location;
  Instant start = {};  // whole seconds
  Instant end = {};
  std::string zone;    // IANA: that its times are shown in; a provider that doesn't know it gets UTC
  std::vector<Guest> guests;         // no two addresses alike, without regard to case; never the organiser's
  bool wants_room = false;           // the provider's own conference (Meet, Teams)
  std::string conference_url = {};   // the ATS's link: part of location and description; not with wants_room
  bool notifies = true;              // guests hear of what we do by mail
  bool hides_guests = false;         // guests don't see each other
  std::optional<int> reminder = {};  // minutes before; nothing: none

  bool operator==(const EventContent&) const = default;
};

// What of it is to be changed. What isn't stays as it stands in the calendar, whoever wrote it there.
struct EventParts {
  bool title = false;
  bool description = false;  // with conference_url
  bool location = false;     // with conference_url
  bool time = false;         // with zone
  bool guests = false;       // with hides_guests
  bool reminder = false;

  bool operator==(const EventParts&) const = default;
};

// One that is to be made.
struct NewEvent {
  std::string calendar;       // id of the one that it is written to
  std::string key;            // EventPlace::key
  bool is_repeated = false;   // a call of this key may have been made some time ago
};

// How it is found.
struct EventPlace {
  std::string calendar;  // id of the one that it was written to
  std::string key;       // ours, of this event for ever: 32 lower-case hexadecimal digits, random
  std::string id = {};   // the provider's; empty: the answer to its creation never came
};

enum class Attendance { needs_action, accepted, declined, tentative };

struct GuestAnswer {
  std::string email;
  Attendance attendance = Attendance::needs_action;
  std::optional<Instant> at = {};  // where the provider says when

  bool operator==(const GuestAnswer&) const = default;
};

enum class Room {
  none,     // nothing is said of one: where it was asked for, it won't come
  pending,  // the provider still makes it: look again
  ready,
  failed,   // the event stands without one
};

// An event as it stands.
struct WrittenEvent {
  EventPlace place;  // complete
  std::string uid;   // iCalendar UID: the same in guests' calendars; empty: the provider doesn't say
  Instant start = {};
  Instant end = {};
  std::string html_link = {};         // for the organiser; empty: there is none
  Room room = Room::none;
  std::string room_url = {};          // where it is ready
  std::vector<GuestAnswer> answers = {};  // in their order there; without the organiser's
  bool organiser_declined = false;
};

struct CreatedEvent {
  WrittenEvent event;
  bool was_there = false;  // it had been made by a call before; its content may be that call's
};

enum class Cancelled {
  yes,
  not_there,  // it was deleted or moved, or a call before cancelled it
};

}  // namespace provider

// Errors of all calls: reconnect with Detail::refused for a refused token; rate_limited (all kinds of too much, quotas
// and use limits too), unavailable, in_doubt: it is made again later; forbidden: the account may not write there;
// gone: the calendar or the event isn't there, or the event was deleted; bad_input: the provider will never take the
// content; with Detail::no_room, it makes no room for this account.
class Events {
 public:
  virtual ~Events() = default;

  // What wants_room and hides_guests ask for. False: content that wants it is never given to create().
  virtual bool makes_rooms() const = 0;
  virtual bool hides_guests() const = 0;

  // Whether guests who aren't to hear are named in the description, as the provider would write to them; whoever is
  // invited isn't. False: it can be silent.
  virtual bool names_guests() const = 0;

  // Whether an event's id leads to it in whichever calendar of the account it is. False: find() looks in place.calendar
  // alone.
  virtual bool finds_anywhere() const = 0;

  // Once for each key. gone with Detail::deleted where an event of this key isn't there any more.
  virtual Result<provider::CreatedEvent> create(const Access& access, const provider::NewEvent& wanted,
                                                const provider::EventContent& content, Instant now,
                                                Deadline deadline) = 0;

  // Guests' answers, the room and what isn't among `parts` stay. Where somebody else changes it at the same moment, both
  // changes stand.
  virtual Result<provider::WrittenEvent> change(const Access& access, const provider::EventPlace& place,
                                                const provider::EventContent& content,
                                                const provider::EventParts& parts, Instant now, Deadline deadline) = 0;

  // Guests are told where content.notifies. An event that isn't there is no error.
  virtual Result<provider::Cancelled> cancel(const Access& access, const provider::EventPlace& place,
                                             const provider::EventContent& content, Instant now,
                                             Deadline deadline) = 0;

  // As it stands now; nothing where it isn't there, or was deleted.
  virtual Result<std::optional<provider::WrittenEvent>> find(const Access& access, const provider::EventPlace& place,
                                                             Instant now, Deadline deadline) = 0;
};

}  // namespace calint
