// A series as compact text, which a store keeps without understanding it.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "calendar/series.h"

namespace calint::calendar {

// Versioned; holds all that evaluate() reads. UTF-8 if the series' texts are.
std::string serialize(const Series& series);
// corrupt for what no version of serialize() wrote.
Result<Series> parse_series(std::string_view text);

}  // namespace calint::calendar
