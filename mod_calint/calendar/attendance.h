// How an event of iCalendar counts for the calendar's owner.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "calendar/content_line.h"
#include "calendar/reader.h"

namespace calint::calendar {

// The owner's addresses, in a form that compares.
class Owner {
 public:
  explicit Owner(const Accounts& accounts);
  // Of an ATTENDEE or ORGANIZER line: its address (RFC 5545 3.3.3), or the EMAIL parameter that iCloud adds (RFC 7986
  // 6.2).
  bool is(const ContentLine& line) const;

 private:
  std::vector<std::string> addresses_;  // in order
};

// Gathers what the properties of one event say (STATUS, TRANSP, PARTSTAT of the owner, what Exchange shows it as).
class Attendance {
 public:
  // Takes a property; others than these are none of its.
  void take(const ContentLine& line, const Owner& owner);
  void cancel() { cancelled_ = true; }
  Standing standing() const;

 private:
  enum class Answer { none, declined, unanswered, tentative, accepted };

  bool cancelled_ = false;
  bool tentative_ = false;
  bool is_organizer_ = false;
  std::optional<bool> transparent_;
  Answer answer_ = Answer::none;
  std::string shown_as_;  // X-MICROSOFT-CDO-BUSYSTATUS, in lower case
};

}  // namespace calint::calendar
