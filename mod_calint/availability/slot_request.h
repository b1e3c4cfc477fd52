// What is asked of slots: the request, its rules for people, and those of the organisation behind it. Values.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "availability/spans.h"
#include "base/request_json.h"

namespace calint::availability {

using std::chrono::minutes;

inline constexpr size_t kMostPeople = 50;
inline constexpr size_t kMostGroups = 10;
inline constexpr std::chrono::days kLongestRange{91};
inline constexpr std::chrono::days kLongestExplained{31};

enum class Rule { busy, free };
enum class Order { time, best };

inline constexpr minutes kMidnight{24 * 60};

// On the clock of the day on which it begins, in minutes after midnight. An end at or before the start is the next
// day's; kMidnight as an end is the midnight that ends the day.
struct DaySpan {
  minutes start;
  minutes end;
};
using DayHours = std::vector<DaySpan>;
using WeekHours = std::array<DayHours, 7>;                    // Monday first
using DateHours = std::map<std::chrono::local_days, DayHours>;  // each takes the place of its weekday

WeekHours default_hours();  // Monday to Friday 09:00 to 17:00

// What a request says of one person; what isn't set is as for everybody.
struct OwnRules {
  std::optional<WeekHours> working_hours = {};
  std::optional<DateHours> dates = {};
  std::optional<int> max_per_day = {};
  std::optional<int> max_per_week = {};
};

struct Group {
  std::vector<std::string> user_ids;  // no two alike
  size_t required = 0;                // 1 to their number; means nothing where optional
  bool optional = false;
};

// As the JSON has it; what isn't set was left out.
struct SlotRequest {
  std::vector<Group> groups = {};  // 1 to kMostGroups, not all optional
  minutes duration{};              // 5 to 1,440
  Span range{};                    // not empty, at most kLongestRange
  std::string time_zone = {};      // IANA, one that WallClock knows
  std::optional<Spans> periods = {};
  minutes step{15};
  std::optional<WeekHours> working_hours = {};
  std::optional<DateHours> dates = {};
  std::optional<minutes> buffer_before = {};
  std::optional<minutes> buffer_after = {};
  minutes min_notice{0};
  std::optional<int> max_per_day = {};
  std::optional<int> max_per_week = {};
  std::optional<int> per_day = {};
  std::map<std::string, OwnRules> people = {};  // kMostPeople at most
  std::optional<Rule> tentative = {};
  std::optional<Rule> unanswered = {};
  std::optional<Rule> unknown = {};
  std::vector<std::string> ignore_refs = {};
  Order order = Order::time;
  std::optional<size_t> limit = {};
  std::string cursor = {};  // empty: from the beginning; else one that SlotCursor reads
  bool explain = false;
};

// What holds where a request says nothing.
struct OrganizationRules {
  std::optional<WeekHours> working_hours = {};
  DateHours dates = {};
  minutes buffer_before{0};
  minutes buffer_after{0};
  Rule tentative = Rule::busy;
  Rule unanswered = Rule::busy;
  Rule unknown = Rule::busy;
};

// A request that can't be used has problems; `request` then means nothing.
struct ParsedSlotRequest {
  SlotRequest request = {};
  Problems problems = {};
};

// Strict: unknown members, wrong types and bounds are problems, all of them are told. Pure.
ParsedSlotRequest parse_slot_request(std::string_view json);

// Everybody whom the request names, those of the groups first, in the order asked; with one place where each stands.
struct NamedPerson {
  std::string user_id;
  std::string pointer;
  bool asked;  // in a group: not only in `people`
};
std::vector<NamedPerson> named_people(const SlotRequest& request);

// What has to be known of the people asked: busy and unknown time that touches `busy`; interviews and holds that touch
// it or begin in `ours`.
struct NeededTime {
  Span busy;
  Span ours;
};
NeededTime needed_time(const SlotRequest& request, const OrganizationRules& organization);

}  // namespace calint::availability
