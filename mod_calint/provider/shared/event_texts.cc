#include "provider/shared/event_texts.h"

#include <algorithm>

#include "base/rfc3339.h"
#include "base/text.h"
#include "base/url.h"
#include "calendar/zones.h"

namespace calint::provider {
namespace {

constexpr size_t kLongestLink = 2048;
constexpr std::string_view kBullet = "\xE2\x80\xA2 ";

std::string with_link(const std::string& text, std::string_view between, const std::string& link) {
  if (text.empty() || link.empty()) return text + link;
  if (text.find(link) != std::string::npos) return text;
  return std::string(text).append(between).append(link);
}

// Of a line: an address at its end, in brackets where a name stands before it.
bool names_guest(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with(kBullet)) return false;
  line.remove_prefix(kBullet.size());
  const size_t last = line.rfind(' ') + 1;  // 0 where there is but one word
  const std::string_view word = line.substr(last);
  return word.find('@') != std::string_view::npos && (last == 0 || (word.starts_with('<') && word.ends_with('>')));
}

}  // namespace

std::string location_of(const EventContent& content) {
  return with_link(content.location, ", ", content.conference_url);
}

std::string description_of(const EventContent& content) {
  return with_link(content.description, "\n\n", content.conference_url);
}

std::string with_guests_named(std::string text, const std::vector<Guest>& guests) {
  while (!guests.empty() && text.ends_with('\n')) text.pop_back();
  std::string_view between = text.empty() ? "" : "\n\n";
  for (const Guest& guest : guests) {
    text.append(between).append(kBullet);
    text += guest.name.empty() ? guest.email : guest.name + " <" + guest.email + ">";
    between = "\n";
  }
  return text;
}

std::string without_named_guests(std::string_view text) {
  size_t first = std::string_view::npos, behind = 0;  // of the last lines in a row
  bool goes_on = false;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const bool names = names_guest(text.substr(at, end - at));
    if (names && !goes_on) first = at;
    at = std::min(end + 1, text.size());
    if (names) behind = at;
    goes_on = names;
  }
  if (first == std::string_view::npos) return std::string(text);
  std::string_view before = text.substr(0, first);
  while (before.ends_with('\n')) before.remove_suffix(1);
  std::string_view rest = text.substr(behind);
  while (rest.starts_with('\n')) rest.remove_prefix(1);
  return std::string(before).append(before.empty() || rest.empty() ? "" : "\n\n").append(rest);
}

std::string escaped_lines(std::string_view text) {
  std::string markup;
  markup.reserve(text.size());
  char before = '\n';
  for (const char c : text) {
    const bool is_collapsed = c == ' ' && (before == ' ' || before == '\n');
    before = c;
    if (is_collapsed) {
      markup += "&nbsp;";
      continue;
    }
    switch (c) {
      case '&': markup += "&amp;"; break;
      case '<': markup += "&lt;"; break;
      case '>': markup += "&gt;"; break;
      case '\n': markup += "<br>"; break;
      default: markup += c;
    }
  }
  return markup;
}

bool is_same_address(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

ZonedTime zoned(Instant at, const std::string& zone) {
  constexpr size_t kLocal = std::string_view("2027-01-21T10:00:00").size();
  const auto instant = std::chrono::floor<std::chrono::seconds>(at);
  const auto name = calendar::plain_iana_name(zone);
  const calendar::Zone* known = name ? calendar::find_zone(*name) : nullptr;
  const auto offset = known != nullptr ? known->offset_at(instant) : std::chrono::seconds(0);
  return {.local = rfc3339_text(instant + offset).substr(0, kLocal),
          .offset = offset,
          .zone = known != nullptr ? *name : calendar::kUtc};
}

EventContent in_utc(EventContent content) {
  content.zone = calendar::kUtc;
  return content;
}

bool is_in_utc(const EventContent& content) { return zoned(content.start, content.zone).zone == calendar::kUtc; }

std::string link_from(std::string_view text) {
  return text.size() <= kLongestLink && parse_url(text).ok() ? std::string(text) : "";
}

}  // namespace calint::provider
