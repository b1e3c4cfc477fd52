#include "api/query.h"

#include <fmt/format.h>

#include <charconv>

#include "base/rfc3339.h"
#include "base/utf8.h"

namespace calint::api {
namespace {

constexpr size_t kMostFields = 128;
constexpr size_t kMostBytes = 32 * 1024;

std::string place_of(std::string_view name) { return json_pointer("", name); }

}  // namespace

Query::Query(const Secret& raw, Problems& problems) : problems_(problems) {
  auto fields = form_decode(raw.reveal(), kMostFields, kMostBytes);
  if (fields) fields_ = std::move(*fields);
  else problems_.add("", "its query can't be read");
}

std::vector<std::string> Query::texts(const char* name, size_t most, size_t most_bytes) {
  known_.emplace(name);
  std::vector<std::string> found;
  for (const auto& [one, value] : fields_) {
    if (one != name) continue;
    if (found.size() == most) {
      problems_.add(place_of(name), most == 1 ? "stands twice" : fmt::format("stands there more than {} times", most));
      break;
    }
    if (!is_clean_utf8(value, most_bytes)) {
      problems_.add(place_of(name),
                    fmt::format("is not a text of 1 to {} bytes without control characters", most_bytes));
      break;
    }
    found.push_back(value);
  }
  return found;
}

std::optional<std::string> Query::text(const char* name, size_t most_bytes) {
  std::vector<std::string> found = texts(name, 1, most_bytes);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::optional<std::chrono::sys_seconds> Query::time(const char* name) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  const auto at = parse_rfc3339(*value);
  if (!at)
    problems_.add(place_of(name),
                  "is not a time with an offset, such as 2026-12-07T09:00:00Z (a '+' in a query is written %2B)");
  return at;
}

std::optional<int64_t> Query::number(const char* name, int64_t least, int64_t most) {
  const auto value = text(name);
  if (!value) return std::nullopt;
  int64_t number = 0;
  const char* end = value->data() + value->size();
  const auto [rest, failed] = std::from_chars(value->data(), end, number);
  if (failed == std::errc() && rest == end && number >= least && number <= most) return number;
  problems_.add(place_of(name), fmt::format("is not a whole number from {} to {}", least, most));
  return std::nullopt;
}

bool Query::flag(const char* name) {
  const auto value = text(name);
  if (value && *value != "1") problems_.add(place_of(name), "is 1, or left out");
  return value == "1";
}

void Query::refuse_others() const {
  std::set<std::string_view> told;
  for (const auto& [name, value] : fields_)
    if (!known_.contains(name) && told.insert(name).second)
      problems_.add(place_of(valid_utf8(name)), "there is no such parameter");
}

}  // namespace calint::api
