#include "api/media_type.h"

#include <algorithm>

#include "base/text.h"

namespace calint::api {
namespace {

// Takes what stands before `separator` off the front.
std::string_view take(std::string_view& text, char separator) {
  const size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return trimmed(part);
}

// 0 to 1000; what is no weight counts as 1.
int weight(std::string_view text) {
  if (text.empty() || (text.front() != '0' && text.front() != '1')) return 1000;
  int thousandths = (text.front() - '0') * 1000;
  int place = 100;
  for (const char c : text.substr(std::min<size_t>(2, text.size()))) {
    if (c < '0' || c > '9' || place == 0) break;
    thousandths += (c - '0') * place;
    place /= 10;
  }
  return std::min(thousandths, 1000);
}

// How exactly a range names the type; 0: not at all.
int exactness(std::string_view range, std::string_view type) {
  if (range == type) return 3;
  if (range.ends_with("/*") && type.starts_with(range.substr(0, range.size() - 1))) return 2;
  return range == "*/*" ? 1 : 0;
}

}  // namespace

int quality(std::string_view accept, std::string_view type) {
  if (trimmed(accept).empty()) return 1000;
  int best = 0, found = 0;
  while (!accept.empty()) {
    std::string_view range = take(accept, ',');
    const int exact = exactness(lower_case(take(range, ';')), type);
    int value = 1000;
    while (!range.empty()) {
      const std::string_view parameter = take(range, ';');
      if (parameter.starts_with("q=") || parameter.starts_with("Q=")) value = weight(parameter.substr(2));
    }
    if (exact > best) best = exact, found = value;
    else if (exact == best && exact > 0) found = std::max(found, value);
  }
  return found;
}

bool is_media_type(std::string_view content_type, std::string_view type) {
  return lower_case(trimmed(content_type.substr(0, content_type.find(';')))) == type;
}

}  // namespace calint::api
