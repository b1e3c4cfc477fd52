// iCalendar text as components that can be changed in places (RFC 5545 3.1, 3.6): whatever isn't touched is written
// again as it was read. What a text says of somebody's time is icalendar.h's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/content_line.h"

namespace calint::calendar {

// Names of properties and components compare without case; arguments are in capitals.
struct Component {
  std::string name;                        // "VEVENT", as written
  std::vector<std::string> lines = {};     // its properties, unfolded, in their order
  std::vector<Component> components = {};  // in it, in theirs

  bool is(std::string_view capitals) const { return is_name(name, capitals); }

  // The first property of that name: views into its line, until that changes.
  std::optional<ContentLine> property(std::string_view capitals) const;
  // Its value as TEXT (3.3.11), without blanks around it; "" where it isn't there.
  std::string text(std::string_view capitals) const;

  // `line` in the place of the first property of that name, behind the others where there is none. Further ones go.
  void set(std::string_view capitals, std::string line);
  void remove(std::string_view capitals);
};

// The one component that the text is: nullopt where there is none or another, where a BEGIN has no END or an END no
// BEGIN, and where components are nested deeper than 16. Lines that aren't properties stay among the others.
std::optional<Component> parse_component(std::string_view text);

// Its lines end with CRLF and are folded at 75 bytes, between characters as far as they are UTF-8.
std::string to_text(const Component& component);

// Into a line's value: TEXT with its escapes (3.3.11). Controls but tabs and line feeds are left out.
std::string escaped(std::string_view text);

// Into a line: `name` in capitals, and the text in quotes, which shows quotes as apostrophes, as not every reader knows
// RFC 6868. Controls are left out.
std::string parameter(std::string_view name, std::string_view text);

// The line with that parameter (`written` as parameter() gives it) in the place of the one of its name.
std::string with_parameter(const ContentLine& line, std::string_view name, std::string_view written);

}  // namespace calint::calendar
