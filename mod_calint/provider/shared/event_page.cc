#include "provider/shared/event_page.h"

#include "base/json.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "calendar/zones.h"

namespace calint::provider {
namespace {

constexpr size_t kLongestId = 2048;
constexpr size_t kLongestShownId = 200;
constexpr size_t kLongestText = 8192;  // Graph's links have some thousand characters

void report_page(LeftOuts& left_out, const char* why) { left_out.push_back({.id = "", .why = why}); }

}  // namespace

bool read_entries(std::string_view page, std::string_view name, const std::function<void(const json_t*)>& take,
                  LeftOuts& left_out) {
  const JsonParts arrays = member_texts(page, name);
  bool is_whole = arrays.whole;
  size_t count = 0;
  for (const std::string_view array : arrays.parts) {
    const JsonParts entries = element_texts(array, kMostEntries - count);
    is_whole = is_whole && entries.whole;
    count += entries.parts.size();
    for (const std::string_view text : entries.parts) {
      if (const Json entry = parse_json_entry(text))
        take(entry.get());
      else
        leave_out(left_out, nullptr, "an entry isn't a JSON object, or one of more than 50,000 values");
    }
  }
  if (arrays.parts.empty())
    report_page(left_out, "isn't a JSON object with a list of events");
  else if (count == kMostEntries && !is_whole)
    report_page(left_out, "has more entries than a page of any calendar");
  else if (!is_whole)
    report_page(left_out, "isn't one whole JSON object");
  return is_whole && !arrays.parts.empty();
}

std::string page_text(std::string_view page, std::string_view name) {
  const JsonParts found = member_texts(page, name);
  if (found.parts.empty()) return "";
  const std::string_view quoted = found.parts.back();
  const Json value(json_loadb(quoted.data(), quoted.size(), JSON_DECODE_ANY, nullptr));
  const std::string_view text = string_value(value.get()).value_or("");
  return clean_utf8(text, kLongestText) == text ? std::string(text) : "";
}

std::string page_zone(std::string_view page, LeftOuts& left_out) {
  const std::string name = page_text(page, "timeZone");
  if (name.empty()) return "";
  auto zone = calendar::iana_name(name);
  if (!zone) report_page(left_out, "the calendar's time zone isn't known");
  return zone.value_or("");
}

bool is_event_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId && clean_utf8(id, kLongestId) == id;
}

std::string uid_of(std::string_view text) { return std::string(is_event_id(text) ? text : ""); }

void leave_out(LeftOuts& left_out, const json_t* entry, const char* why) {
  if (left_out.size() > kMostReports) return;
  if (left_out.size() == kMostReports) return report_page(left_out, "more of it couldn't be read");
  left_out.push_back({.id = clean_utf8(string_member(entry, "id").value_or(""), kLongestShownId), .why = why});
}

bool flag_member(const json_t* entry, const char* name) {
  return true_member(entry, name) || string_member(entry, name) == "true";
}

}  // namespace calint::provider
