// An object of somebody's calendar with an interview of ours in it, changed and read. The first byte says which parts
// are changed, and whether guests are invited.
#include <algorithm>

#include "calendar/component.h"
#include "fuzz.h"
#include "provider/caldav/event_object.h"

using namespace calint;

namespace {

const std::string kKey = "0123456789abcdef0123456789abcdef";

bool is_rightly_folded(std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find("\r\n");
    if (end == std::string_view::npos || end == 0 || end > 75) return false;
    text.remove_prefix(end + 2);
  }
  return true;
}

// What no change is about.
size_t lines_of_others(const calendar::Component& component) {
  size_t count = 0;
  for (const std::string& line : component.lines) count += line.starts_with("X-OTHER") ? 1 : 0;
  for (const calendar::Component& one : component.components) count += lines_of_others(one);
  return count;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(fuzz::text_of(data + 1, size - 1));
  const provider::EventParts parts{.title = (data[0] & 1) != 0,
                                   .description = (data[0] & 2) != 0,
                                   .location = (data[0] & 4) != 0,
                                   .time = (data[0] & 8) != 0,
                                   .guests = (data[0] & 16) != 0,
                                   .reminder = (data[0] & 32) != 0};
  const provider::EventContent content{.title = "Interview; a, b",
                                       .description = "Welcome\n\n",
                                       .location = "Room 5",
                                       .start = fuzz::kNow,
                                       .end = fuzz::kNow + std::chrono::minutes(45),
                                       .zone = "Europe/Berlin",
                                       .guests = {{.email = "jane@candidate.test", .name = "Jane \"J\" Doe"},
                                                  {.email = "sam@work.test", .is_optional = true}},
                                       .conference_url = "https://meet.test/1",
                                       .notifies = (data[0] & 64) != 0,
                                       .reminder = 15};
  const caldav::Organizer organizer{.address = "avery@icloud.example", .accounts = {"avery@icloud.example"}};

  const auto before = caldav::read_event(text, kKey, organizer);
  if (before && *before) {
    MUST((*before)->event.start <= (*before)->event.end && (*before)->event.answers.size() <= 1000);
    for (const provider::GuestAnswer& one : (*before)->event.answers) MUST(fuzz::is_clean_text(one.email, 254));
  }
  const auto changed = caldav::changed_object(text, kKey, content, parts, organizer, fuzz::kNow);
  if (!changed) {
    MUST(fuzz::fit_to_log(changed.error()));
    return 0;
  }
  const auto object = calendar::parse_component(text), now = calendar::parse_component(*changed);
  MUST(object && now && lines_of_others(*object) == lines_of_others(*now));
  MUST(*changed == text || is_rightly_folded(*changed));
  const auto again = caldav::changed_object(*changed, kKey, content, parts, organizer, fuzz::kNow);
  MUST(again && *again == *changed);
  const auto after = caldav::read_event(*changed, kKey, organizer);
  if (!parts.time) return 0;
  MUST(after && *after && (*after)->event.start == content.start && (*after)->event.end == content.end);
  return 0;
}
