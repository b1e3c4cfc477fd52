// Guests of an interview in an object of a calendar: its ATTENDEE lines (RFC 5545 3.8.4.1). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "calendar/attendance.h"
#include "provider/events.h"

namespace calint::caldav {

// Of an ATTENDEE or ORGANIZER, also where it stands in a parameter, as iCloud has it. "" where there is none.
std::string address_in(const calendar::ContentLine& line);

// The event's lines with an ATTENDEE for each guest but the owner, under whichever address. Who is one already keeps the
// line with answer and all, whatever the spelling of the address; others go, but for the owner's own and for rooms, which
// stay as they are.
std::vector<std::string> guest_lines(const std::vector<std::string>& lines, const std::vector<provider::Guest>& guests,
                                     const calendar::Owner& owner);

// Those of the guests but the owner who have none of the lines.
std::vector<provider::Guest> uninvited(const std::vector<std::string>& lines, std::vector<provider::Guest> guests,
                                       const calendar::Owner& owner);

std::string organizer_line(const std::string& address);

// What the guests have answered, each address once; without the owner's and rooms'.
std::vector<provider::GuestAnswer> guest_answers(const std::vector<std::string>& lines, const calendar::Owner& owner);

}  // namespace calint::caldav
