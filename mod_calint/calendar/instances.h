// When the instances of a master begin: RRULE, RDATE, EXRULE and EXDATE together (RFC 5545 3.8.5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/clocks.h"
#include "calendar/rule.h"

namespace calint::calendar {

// An instance by its start: what RECURRENCE-ID and EXDATE name.
struct Instance {
  SysTime start;
  LocalTime local;  // on the master's clock as the rule gives it, also where that clock skips it
  std::optional<SysTime> end = {};  // of an RDATE that is a period, or a day of a master that isn't
};

// Which instances are named: by their start, or by its date.
class Names {
 public:
  // The time as it is written for instances of `master`.
  void add(const WrittenTime& time, const Event& master, Clocks& clocks);
  void sort();
  bool has(const Instance& instance) const;

 private:
  std::vector<SysTime> starts_;
  std::vector<LocalTime> days_;
};

class Instances {
 public:
  // Parses the master's lines; what can't be read goes to `left_out`. All must outlive this.
  Instances(const Event& master, Clocks& clocks, std::vector<LeftOut>& left_out);

  // Those that begin in [from, to] of the master's clock, in order, without those that are excluded or whose place
  // `taken` names. Sets `unknown_from` to an earlier time where the budget ended before all of them were found.
  std::vector<Instance> between(LocalTime from, LocalTime to, const Names& taken, Budget& budget,
                                std::optional<SysTime>& unknown_from);

 private:
  void read(const std::string& text);
  void read_dates(std::string_view name, std::string_view value, std::string_view zone);
  void add_date(const WrittenTime& date);
  void expand_rule(const Rule& rule, LocalTime from, LocalTime to, Budget& budget, std::vector<Instance>& found,
                   std::optional<SysTime>& unknown_from);
  Instance at(LocalTime local) const { return {.start = zone_.to_instant(local), .local = local}; }

  const Event& master_;
  Clocks& clocks_;
  const Zone& zone_;
  std::vector<LeftOut>& left_out_;
  std::vector<Rule> rules_, excluding_rules_;
  std::vector<Instance> dates_;
  Names excluded_;
};

}  // namespace calint::calendar
