#include "calendar/series.h"

#include <array>

namespace calint::calendar {
namespace {

// In the order of Standing.
constexpr std::array<std::string_view, 9> kStandings = {"busy",     "tentative", "unanswered", "oof",     "transparent",
                                                        "declined", "cancelled", "elsewhere",  "birthday"};

}  // namespace

bool takes_time(Standing standing) { return standing < Standing::transparent; }

std::string_view to_string(Standing standing) { return kStandings.at(static_cast<size_t>(standing)); }

std::optional<Standing> standing_from(std::string_view name) {
  for (size_t i = 0; i < kStandings.size(); ++i) {
    if (kStandings[i] == name) return static_cast<Standing>(i);
  }
  return std::nullopt;
}

Standing standing_of(const Signs& signs) {
  if (signs.cancelled) return Standing::cancelled;
  if (signs.declined) return Standing::declined;
  if (signs.birthday) return Standing::birthday;
  if (signs.elsewhere) return Standing::elsewhere;
  if (signs.transparent) return Standing::transparent;
  if (signs.out_of_office) return Standing::oof;
  if (signs.unanswered) return Standing::unanswered;
  return signs.tentative ? Standing::tentative : Standing::busy;
}

}  // namespace calint::calendar
