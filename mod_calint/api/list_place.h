// Where a page of a list that goes by its things' starts begins, as the page before told it.
#pragma once

#include <string>
#include <string_view>

#include "api/query.h"
#include "base/clock.h"

namespace calint::api {

// Behind the thing with this start and id; the list's beginning where nobody says more.
struct ListPlace {
  Instant start{std::chrono::seconds(-62135596800)};  // 0001-01-01
  std::string id;
};

// By the parameter `cursor`: the list's beginning where it is left out, and a problem where it is none of ours.
ListPlace list_place(Query& query, bool (*is_id)(std::string_view));

// "1796025600000000/id" as base64url, in microseconds.
std::string list_cursor(Instant start, std::string_view id);

}  // namespace calint::api
