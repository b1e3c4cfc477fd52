// Says what couldn't be read, once each and not without end.
#pragma once

#include <string>
#include <vector>

#include "calendar/series.h"

namespace calint::calendar {

inline constexpr size_t kMostLeftOut = 100;  // of a series

void leave_out(std::vector<LeftOut>& left_out, std::string id, std::string why);

}  // namespace calint::calendar
