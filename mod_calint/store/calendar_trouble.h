// Why a ticked calendar can't be read: calendar_syncs.trouble.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/words.h"

namespace calint::store {

enum class CalendarTrouble {
  forbidden,     // the account may no longer read it
  gone,
  rate_limited,  // by its provider
  unavailable,
  given_up,      // it is read no more until somebody asks for it
  incomplete,    // it was read, but for some of its events
};

inline constexpr std::array<Word<CalendarTrouble>, 6> kCalendarTroubles = {{
    {CalendarTrouble::forbidden, "forbidden"},
    {CalendarTrouble::gone, "gone"},
    {CalendarTrouble::rate_limited, "rate_limited"},
    {CalendarTrouble::unavailable, "unavailable"},
    {CalendarTrouble::given_up, "given_up"},
    {CalendarTrouble::incomplete, "incomplete"},
}};
static_assert(is_word_table(kCalendarTroubles));

constexpr std::string_view to_string(CalendarTrouble trouble) {
  return kCalendarTroubles[static_cast<size_t>(trouble)].name;
}
// nullopt also for what a later version has stored.
constexpr std::optional<CalendarTrouble> parse_calendar_trouble(std::string_view name) {
  return parse_word(kCalendarTroubles, name);
}
// Whether it stays until somebody does something; the others pass.
constexpr bool is_lasting(CalendarTrouble trouble) {
  return trouble == CalendarTrouble::forbidden || trouble == CalendarTrouble::gone ||
         trouble == CalendarTrouble::given_up;
}

}  // namespace calint::store
