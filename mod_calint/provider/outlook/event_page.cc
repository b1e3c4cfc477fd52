#include "provider/outlook/event_page.h"

#include <utility>

#include "base/json.h"
#include "calendar/zones.h"
#include "provider/shared/event_times.h"

namespace calint::outlook {
namespace {

using calendar::LocalTime;
using calendar::WrittenTime;
using Kind = EventItem::Kind;

constexpr size_t kLongestWord = 64;

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

// A word of an enumeration, which may have grown.
std::string word(const json_t* entry, const char* name) {
  return std::string(text(entry, name).substr(0, kLongestWord));
}

std::optional<bool> flag(const json_t* entry, const char* name) {
  const json_t* member = json_object_get(entry, name);
  if (json_is_boolean(member) || json_is_string(member)) return provider::flag_member(entry, name);
  return std::nullopt;
}

bool has(const json_t* entry, const char* name) {
  const json_t* member = json_object_get(entry, name);
  return member != nullptr && !json_is_null(member);
}

Kind kind_of(const json_t* entry) {
  if (has(entry, "@removed")) return Kind::removed;
  const std::string_view type = text(entry, "type");
  if (type == "seriesMaster") return Kind::master;
  if (type != "singleInstance" && !text(entry, "seriesMasterId").empty()) return Kind::occurrence;
  return type.empty() && has(entry, "recurrence") ? Kind::master : Kind::single;
}

class Reader {
 public:
  explicit Reader(EventPage& page) : page_(page) {}

  void take(const json_t* entry) {
    entry_ = entry;
    is_zone_reported_ = false;
    EventItem item{
        .id = std::string(text(entry, "id")), .uid = provider::uid_of(text(entry, "iCalUId")), .kind = kind_of(entry)};
    if (item.kind == Kind::occurrence) item.series = text(entry, "seriesMasterId");
    if (!provider::is_event_id(item.id) || (!item.series.empty() && !provider::is_event_id(item.series)))
      return report("has no usable id");
    item.values = {.show_as = word(entry, "showAs"),
                   .response = word(json_object_get(entry, "responseStatus"), "response"),
                   .is_all_day = flag(entry, "isAllDay"),
                   .is_cancelled = flag(entry, "isCancelled")};
    if ((item.kind == Kind::single || item.kind == Kind::occurrence) && !read_times(item)) return;
    page_.items.push_back(std::move(item));
  }

 private:
  void report(const char* why) { provider::leave_out(page_.left_out, entry_, why); }

  bool read_times(EventItem& item) {
    const auto start = time("start", false);
    if (!start) {
      report("has no usable start");
      return false;
    }
    item.start = *start;
    item.end = time("end", true);
    if (!item.end) report("has no usable end");
    return true;
  }

  std::optional<WrittenTime> time(const char* name, bool is_end) {
    const json_t* member = json_object_get(entry_, name);
    auto moment = provider::parse_date_time(text(member, "dateTime"));
    if (const auto day = provider::parse_date(text(member, "dateTime"))) moment = provider::ClockTime{.local = *day};
    if (!moment) return std::nullopt;
    const LocalTime local = is_end ? provider::end_of(*moment) : provider::start_of(*moment);
    return WrittenTime{.local = local, .zone = moment->offset ? calendar::kUtc : zone_of(text(member, "timeZone"))};
  }

  // Empty for the mailbox's own.
  std::string zone_of(std::string_view name) {
    if (name.empty()) return calendar::kUtc;
    auto zone = calendar::iana_name(name);
    if (!zone && !std::exchange(is_zone_reported_, true)) report("names a time zone that isn't known");
    return zone.value_or("");
  }

  EventPage& page_;
  const json_t* entry_ = nullptr;
  bool is_zone_reported_ = false;  // once for an entry
};

}  // namespace

EventPage parse_event_page(std::string_view text) {
  EventPage page;
  page.zone = provider::page_zone(text, page.left_out);
  page.next_page = provider::page_text(text, "@odata.nextLink");
  page.cursor = provider::page_text(text, "@odata.deltaLink");
  Reader reader(page);
  page.whole = provider::read_entries(
      text, "value", [&](const json_t* entry) { reader.take(entry); }, page.left_out);
  return page;
}

}  // namespace calint::outlook
