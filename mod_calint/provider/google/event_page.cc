#include "provider/google/event_page.h"

#include <strings.h>

#include <algorithm>
#include <utility>

#include "base/json.h"
#include "calendar/zones.h"
#include "provider/shared/event_times.h"

namespace calint::google {
namespace {

using calendar::Accounts;
using calendar::LocalTime;
using calendar::Signs;
using calendar::WrittenTime;

std::string_view text(const json_t* entry, const char* name) { return string_member(entry, name).value_or(""); }

bool is_one_of(const Accounts& accounts, std::string_view address) {
  const std::string wanted(address);
  return std::any_of(accounts.begin(), accounts.end(),
                     [&](const std::string& one) { return strcasecmp(one.c_str(), wanted.c_str()) == 0; });
}

class Reader {
 public:
  Reader(EventPage& page, const Accounts& accounts) : page_(page), accounts_(accounts) {}

  void take(const json_t* entry) {
    entry_ = entry;
    is_zone_reported_ = false;
    EventItem item;
    item.event.id = text(entry, "id");
    item.series = text(entry, "recurringEventId");
    item.uid = provider::uid_of(text(entry, "iCalUID"));
    if (!provider::is_event_id(item.event.id) || (!item.series.empty() && !provider::is_event_id(item.series)))
      return report("has no usable id");
    item.event.standing = standing();
    if (item.event.standing != calendar::Standing::cancelled && !read_times(item)) return;
    if (!item.series.empty()) read_original_start(item);
    page_.items.push_back(std::move(item));
  }

 private:
  void report(const char* why) { provider::leave_out(page_.left_out, entry_, why); }

  bool read_times(EventItem& item) {
    if (item.series.empty()) item.event.recurrence = recurrence();
    item.is_master = !item.event.recurrence.empty();
    const json_t* start = json_object_get(entry_, "start");
    const json_t* end = json_object_get(entry_, "end");
    std::string zone = zone_of(start);
    const auto begins = time(start, item.is_master, zone, false);
    if (!begins) {
      report("has no usable start");
      return false;
    }
    item.event.start = *begins;
    if (std::string own = zone_of(end); !own.empty()) zone = std::move(own);
    item.event.end = time(end, item.is_master, zone, true);
    if (!item.event.end && !provider::flag_member(entry_, "endTimeUnspecified")) report("has no usable end");
    return true;
  }

  void read_original_start(EventItem& item) {
    const json_t* member = json_object_get(entry_, "originalStartTime");
    item.event.recurrence_id = time(member, false, zone_of(member), false);
    if (!item.event.recurrence_id) report("doesn't say which instance it stands for");
  }

  // As an IANA name; empty where it has none that is known.
  std::string zone_of(const json_t* member) {
    const std::string_view name = text(member, "timeZone");
    if (name.empty()) return "";
    auto zone = calendar::iana_name(name);
    if (!zone && !std::exchange(is_zone_reported_, true)) report("names a time zone that isn't known");
    return zone.value_or("");
  }

  // An instant, where the text tells one and no clock needs to be kept.
  std::optional<WrittenTime> time(const json_t* member, bool keeps_clock, const std::string& own_zone, bool is_end) {
    const auto moment = provider::parse_date_time(text(member, "dateTime"));
    if (!moment) {
      const auto date = provider::parse_date(text(member, "date"));
      return date ? std::optional(WrittenTime{.local = *date, .is_date = true}) : std::nullopt;
    }
    const LocalTime local = is_end ? provider::end_of(*moment) : provider::start_of(*moment);
    if (!moment->offset) return WrittenTime{.local = local, .zone = own_zone};
    if (keeps_clock) {
      const std::string& zone = own_zone.empty() ? page_.zone : own_zone;
      const auto shown = calendar::to_local(calendar::SysTime(local.time_since_epoch()), zone);
      if (shown) return WrittenTime{.local = *shown, .zone = zone};
      report("is expanded in UTC for want of a time zone");
    }
    return WrittenTime{.local = local, .zone = calendar::kUtc};
  }

  std::vector<std::string> recurrence() {
    const json_t* lines = json_object_get(entry_, "recurrence");
    std::vector<std::string> taken;
    if (lines == nullptr || json_is_null(lines)) return taken;
    if (const auto line = string_value(lines)) taken.emplace_back(*line);
    for (size_t i = 0; i < json_array_size(lines); ++i) {
      if (const auto line = string_value(json_array_get(lines, i)))
        taken.emplace_back(*line);
      else
        report("has a recurrence line that is no text");
    }
    if (!json_is_array(lines) && taken.empty()) report("has no usable recurrence lines");
    return taken;
  }

  calendar::Standing standing() {
    Signs signs{.cancelled = text(entry_, "status") == "cancelled",
                .transparent = text(entry_, "transparency") == "transparent",
                .tentative = text(entry_, "status") == "tentative"};
    const std::string_view type = text(entry_, "eventType");
    signs.birthday = type == "birthday";
    signs.elsewhere = type == "workingLocation";
    signs.out_of_office = type == "outOfOffice";
    if (const json_t* guest = own_guest()) {
      const std::string_view response = text(guest, "responseStatus");
      signs.declined = response == "declined";
      signs.tentative = signs.tentative || response == "tentative";
      signs.unanswered = response == "needsAction" && !true_member(guest, "organizer");
    }
    return calendar::standing_of(signs);
  }

  // The owner among the guests; nullptr where they aren't.
  const json_t* own_guest() const {
    const json_t* guests = json_object_get(entry_, "attendees");
    const json_t* by_address = nullptr;
    for (size_t i = 0; i < json_array_size(guests); ++i) {
      const json_t* guest = json_array_get(guests, i);
      if (provider::flag_member(guest, "self")) return guest;
      if (by_address == nullptr && is_one_of(accounts_, text(guest, "email"))) by_address = guest;
    }
    return by_address;
  }

  EventPage& page_;
  const Accounts& accounts_;
  const json_t* entry_ = nullptr;
  bool is_zone_reported_ = false;  // once for an entry
};

}  // namespace

EventPage parse_event_page(std::string_view text, const Accounts& accounts) {
  EventPage page;
  page.zone = provider::page_zone(text, page.left_out);
  page.next_page = provider::page_text(text, "nextPageToken");
  page.cursor = provider::page_text(text, "nextSyncToken");
  Reader reader(page, accounts);
  page.whole = provider::read_entries(
      text, "items", [&](const json_t* entry) { reader.take(entry); }, page.left_out);
  return page;
}

}  // namespace calint::google
