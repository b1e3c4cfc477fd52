#include "calendar/left_out.h"

#include <algorithm>
#include <utility>

namespace calint::calendar {

void leave_out(std::vector<LeftOut>& left_out, std::string id, std::string why) {
  if (left_out.size() > kMostLeftOut) return;
  if (left_out.size() == kMostLeftOut) why = "more of it couldn't be read";
  LeftOut one{.id = std::move(id), .why = std::move(why)};
  if (std::find(left_out.begin(), left_out.end(), one) == left_out.end()) left_out.push_back(std::move(one));
}

}  // namespace calint::calendar
