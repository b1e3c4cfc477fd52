#include "minute_by_minute.h"

#include <date/tz.h>

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace calint::test {
namespace {

using namespace availability;
using std::chrono::days;
using std::chrono::local_days;

constexpr minutes kMinute{1};

// A clock that is read every minute from ten days before the range to ten days after it.
class Readings {
 public:
  Readings(const std::string& zone, const Span& range) : begin_(range.start - days(10)) {
    const date::time_zone* found = date::locate_zone(zone);
    date::sys_info info = found->get_info(begin_);
    for (SysTime at = begin_; at < range.end + days(10); at += kMinute) {
      if (at >= info.end) info = found->get_info(at);
      faces_.push_back(LocalTime((at + info.offset).time_since_epoch()));
    }
  }

  LocalTime at(SysTime at) const {
    const int64_t index = (at - begin_) / seconds(kMinute);
    return faces_.at(static_cast<size_t>(std::clamp<int64_t>(index, 0, static_cast<int64_t>(faces_.size()) - 1)));
  }
  local_days day(SysTime instant) const { return std::chrono::floor<days>(at(instant)); }

  SysTime first(LocalTime face) const {
    const auto found = std::find(near(face, -1), near(face, 1), face);
    return found != near(face, 1) ? instant(found) : change_over(face);
  }
  SysTime last(LocalTime face) const {
    for (auto one = near(face, 1); one != near(face, -1);)
      if (*--one == face) return instant(one);
    return change_over(face);
  }

 private:
  using Reading = std::vector<LocalTime>::const_iterator;

  SysTime instant(Reading reading) const { return begin_ + kMinute * (reading - faces_.begin()); }
  // Two days before or after the instant at which UTC's clock shows this face.
  Reading near(LocalTime face, int side) const {
    const int64_t index = (SysTime(face.time_since_epoch()) + side * days(2) - begin_) / seconds(kMinute);
    return faces_.begin() + std::clamp<int64_t>(index, 0, static_cast<int64_t>(faces_.size()));
  }
  // The instant at which the clock jumps over this face.
  SysTime change_over(LocalTime face) const {
    for (auto one = near(face, -1) + 1; one < near(face, 1); ++one)
      if (one[-1] < face && face < one[0]) return instant(one);
    return instant(near(face, -1));
  }

  SysTime begin_;
  std::vector<LocalTime> faces_;
};

// The Monday of a day's week.
local_days monday_of(local_days day) {
  while (std::chrono::weekday(day) != std::chrono::Monday) day -= days(1);
  return day;
}

struct Appointment {
  Span span;
  std::string why;
};

class Somebody {
 public:
  Somebody(const Person& person, const SlotRequest& request)
      : request_(request),
        clock_(person.time_zone.empty() ? request.time_zone : person.time_zone, request.range),
        unknown_(request.unknown == Rule::free ? std::vector<Span>{} : person.unknown) {
    const auto ignored = [&](const std::string& ref) {
      return !ref.empty() && std::count(request.ignore_refs.begin(), request.ignore_refs.end(), ref) > 0;
    };
    for (const OwnTime& one : person.interviews)
      if (!ignored(one.ref)) take(one, "interview");
    for (const OwnTime& one : person.holds)
      if (!ignored(one.ref)) take(one, "hold");
    for (const BusyTime& one : person.busy) {
      if (ignored(one.ref)) continue;
      const auto same = [&](const OwnTime& other) { return other.ref == one.ref; };
      if (!one.ref.empty() && std::any_of(person.interviews.begin(), person.interviews.end(), same))
        appointments_.push_back({one.span, "interview"});
      else if (!one.ref.empty())
        take({one.span, one.ref}, "interview");
      else if (one.kind == calendar::Kind::busy)
        appointments_.push_back({one.span, "busy"});
      else if (one.kind == calendar::Kind::oof)
        appointments_.push_back({one.span, "out_of_office"});
      else if (one.kind == calendar::Kind::tentative && request.tentative != Rule::free)
        appointments_.push_back({one.span, "tentative"});
      else if (one.kind == calendar::Kind::unanswered && request.unanswered != Rule::free)
        appointments_.push_back({one.span, "unanswered"});
    }
    set_rules(person.user_id);
    set_hours();
    memorise_minutes();
  }

  bool can(SysTime start) const {
    const SysTime end = start + request_.duration;
    for (SysTime at = start; at < end; at += kMinute)
      if (!works(at)) return false;
    const SysTime from = start - before(), to = end + after();
    for (const Appointment& one : appointments_)
      if (one.span.start < one.span.end && one.span.start < to && from < one.span.end) return false;
    for (const Span& one : unknown_)
      if (one.start < one.end && one.start < to && from < one.end) return false;
    return day_has_room(start) && week_has_room(start);
  }

  int load(SysTime start, const Readings& asked) const {
    std::vector<Own> that_week;
    for (const Own& one : own_)
      if (monday_of(asked.day(one.start)) == monday_of(asked.day(start))) that_week.push_back(one);
    return count(that_week);
  }

  std::string why(SysTime at) const {
    for (const char* kind : {"busy", "tentative", "unanswered", "out_of_office", "hold", "interview"})
      for (const Appointment& one : appointments_)
        if (one.why == kind && one.span.start <= at && at < one.span.end) return kind;
    for (const auto& [span, kind] : appointments_)
      if (span.start < span.end && span.start - after() <= at && at < span.end + before()) return "buffer";
    if (!works(at)) return "outside_working_hours";
    if (!day_has_room(at)) return "max_per_day";
    if (!week_has_room(at)) return "max_per_week";
    for (const Span& one : unknown_)
      if (one.start < one.end && one.start - after() <= at && at < one.end + before()) return "unknown";
    return "";
  }

 private:
  struct Own {
    SysTime start;
    std::string ref;
  };

  minutes before() const { return request_.buffer_before.value_or(minutes(0)); }
  minutes after() const { return request_.buffer_after.value_or(minutes(0)); }

  void take(const OwnTime& one, const char* why) {
    appointments_.push_back({one.span, why});
    own_.push_back({one.span.start, one.ref});
  }

  static int count(const std::vector<Own>& all) {
    std::set<std::string> refs;
    int without = 0;
    for (const Own& one : all) {
      if (one.ref.empty()) ++without;
      else refs.insert(one.ref);
    }
    return without + static_cast<int>(refs.size());
  }

  void set_rules(const std::string& user_id) {
    const auto found = request_.people.find(user_id);
    const OwnRules own = found == request_.people.end() ? OwnRules{} : found->second;
    week_ = own.working_hours ? *own.working_hours : request_.working_hours ? *request_.working_hours : default_hours();
    dates_ = own.dates ? *own.dates : request_.dates.value_or(DateHours{});
    max_per_day_ = own.max_per_day ? own.max_per_day : request_.max_per_day;
    max_per_week_ = own.max_per_week ? own.max_per_week : request_.max_per_week;
  }

  void set_hours() {
    const local_days end = clock_.day(request_.range.end + days(3));
    for (local_days day = clock_.day(request_.range.start - days(3)); day <= end; day += days(1)) {
      const auto date = dates_.find(day);
      // A day that the clock skips has no hours.
      if (clock_.first(LocalTime(day)) == clock_.first(LocalTime(day + days(1)))) continue;
      for (const DaySpan& span : date != dates_.end() ? date->second
                                                      : week_[std::chrono::weekday(day).iso_encoding() - 1]) {
        Span hours{clock_.first(day + span.start), {}};
        if (span.end == minutes(1440)) hours.end = clock_.first(LocalTime(day + days(1)));
        else if (span.end > span.start) hours.end = clock_.last(day + span.end);
        else hours.end = clock_.last(day + days(1) + span.end);
        hours_.push_back(hours);
      }
    }
  }

  void memorise_minutes() {
    first_ = request_.range.start - days(2);
    for (SysTime at = first_; at < request_.range.end + days(2); at += kMinute)
      works_.push_back(std::any_of(hours_.begin(), hours_.end(),
                                   [&](const Span& span) { return span.start <= at && at < span.end; }));
  }
  bool works(SysTime at) const { return works_.at(static_cast<size_t>((at - first_) / seconds(kMinute))); }

  bool day_has_room(SysTime start) const {
    if (!max_per_day_) return true;
    std::vector<Own> that_day;
    for (const Own& one : own_)
      if (clock_.day(one.start) == clock_.day(start)) that_day.push_back(one);
    return count(that_day) < *max_per_day_;
  }
  bool week_has_room(SysTime start) const {
    if (!max_per_week_) return true;
    std::vector<Own> that_week;
    for (const Own& one : own_)
      if (monday_of(clock_.day(one.start)) == monday_of(clock_.day(start))) that_week.push_back(one);
    return count(that_week) < *max_per_week_;
  }

  const SlotRequest& request_;
  Readings clock_;
  std::vector<Appointment> appointments_;
  std::vector<Own> own_;
  std::vector<Span> unknown_;
  WeekHours week_;
  DateHours dates_;
  std::optional<int> max_per_day_;
  std::optional<int> max_per_week_;
  std::vector<Span> hours_;
  SysTime first_;
  std::vector<bool> works_;
};

using Names = std::vector<std::string>;

// Every way to fill the groups, those whose people stand first before the others.
class Tries {
 public:
  Tries(const SlotRequest& request, std::function<bool(const std::string&)> can,
        std::function<int(const std::string&)> load)
      : request_(request), can_(std::move(can)), load_(std::move(load)), now_(request.groups.size()) {}

  std::optional<std::vector<Names>> best() {
    next_group(0);
    if (!best_) return std::nullopt;
    for (size_t g = 0; g < request_.groups.size(); ++g)
      if (request_.groups[g].optional)
        for (const std::string& id : request_.groups[g].user_ids)
          if (can_(id) && !is_taken(*best_, id)) (*best_)[g].push_back(id);
    return best_;
  }
  int load() const { return best_load_; }

 private:
  static bool is_taken(const std::vector<Names>& groups, const std::string& id) {
    return std::any_of(groups.begin(), groups.end(),
                       [&](const Names& group) { return std::count(group.begin(), group.end(), id) > 0; });
  }
  void next_group(size_t group) {
    if (group == request_.groups.size()) return settle();
    if (request_.groups[group].optional) return next_group(group + 1);
    next_member(group, 0);
  }
  void next_member(size_t group, size_t from) {
    const Group& wanted = request_.groups[group];
    if (now_[group].size() == wanted.required) return next_group(group + 1);
    for (size_t at = from; at < wanted.user_ids.size(); ++at) {
      const std::string& id = wanted.user_ids[at];
      if (!can_(id) || is_taken(now_, id)) continue;
      now_[group].push_back(id);
      next_member(group, at + 1);
      now_[group].pop_back();
    }
  }
  void settle() {
    int load = 0;
    for (const Names& group : now_)
      for (const std::string& id : group) load += load_(id);
    if (best_ && load >= best_load_) return;
    best_ = now_;
    best_load_ = load;
  }

  const SlotRequest& request_;
  std::function<bool(const std::string&)> can_;
  std::function<int(const std::string&)> load_;
  std::vector<Names> now_;
  std::optional<std::vector<Names>> best_;
  int best_load_ = 0;
};

bool is_inside(const std::vector<Span>& spans, SysTime start, SysTime end) {
  for (SysTime at = start; at < end; at += kMinute)
    if (std::none_of(spans.begin(), spans.end(), [&](const Span& span) { return span.start <= at && at < span.end; }))
      return false;
  return true;
}

}  // namespace

ObviousAnswer find_obviously(const SlotRequest& request, const std::vector<Person>& people, SysTime now) {
  const Readings clock(request.time_zone, request.range);
  std::map<std::string, Somebody> known;
  for (const Person& person : people) known.try_emplace(person.user_id, person, request);

  struct Placed {
    ObviousSlot slot;
    std::tuple<int, int, SysTime> place;
  };
  std::vector<Placed> placed;
  ObviousAnswer answer;
  for (SysTime at = request.range.start; at < request.range.end; at += kMinute) {
    answer.starts.emplace_back();
    const seconds face = clock.at(at) - clock.day(at);
    if (face % request.step != seconds(0)) continue;
    std::string& why = answer.starts.back();
    const SysTime end = at + request.duration;
    if (at < now) why = "past";
    else if (at < now + request.min_notice) why = "min_notice";
    else if (request.periods && !is_inside(*request.periods, at, end)) why = "periods";
    if (!why.empty()) continue;
    std::map<std::string, std::pair<bool, int>> that;
    for (const auto& [id, somebody] : known) that[id] = {somebody.can(at), somebody.load(at, clock)};
    Tries tries(request, [&](const std::string& id) { return that.at(id).first; },
                [&](const std::string& id) { return that.at(id).second; });
    const auto chosen = tries.best();
    if (!chosen) why = "no_complete_choice";
    if (!chosen || end > request.range.end) continue;
    const seconds past_hour = face % std::chrono::hours(1);
    const int kind = past_hour == minutes(0) ? 0 : past_hour == minutes(30) ? 1 : 2;
    const bool best = request.order == Order::best;
    placed.push_back({{at, *chosen}, {best ? kind : 0, best ? tries.load() : 0, at}});
  }
  std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) { return a.place < b.place; });
  std::map<local_days, int> of_day;
  for (const Placed& one : placed)
    if (++of_day[clock.day(one.slot.start)] <= request.per_day.value_or(1'000'000)) answer.slots.push_back(one.slot);

  for (const auto& [id, somebody] : known)
    for (SysTime at = request.range.start; request.explain && at < request.range.end; at += kMinute)
      answer.explained[id].push_back(somebody.why(at));
  return answer;
}

}  // namespace calint::test
