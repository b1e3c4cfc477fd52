#include "base/reaction.h"

#include <set>
#include <vector>

#include "support/check.h"

using namespace calint;

namespace {

// scheduling.md, "Errors worth naming".
const std::set<std::string_view> kProblems = {
    "invalid_request",      "unauthenticated",   "forbidden",           "not_found",    "not_connected",
    "no_destination",       "conflict",          "hold_expired",        "ref_in_use",   "precondition_failed",
    "rate_limited",         "misconfigured",     "provider_unavailable", "internal",    "database_unavailable"};

class Lines final : public LogSink {
 public:
  void write(LogLevel level, std::string_view tag, std::string_view text) override {
    lines.push_back({level, tag, std::string(text)});
  }
  std::vector<Line> lines;
};

Line logged(const Error& error, std::string_view tag = {}) {
  Lines log;
  log_failure(log, error, "the refresh failed", tag);
  CHECK_EQUAL(log.lines.size(), 1);
  return log.lines.front();
}

}  // namespace

CALINT_TEST(every_fault_has_one_reaction) {
  std::set<std::string_view> names;
  for (const Reaction& reaction : kReactions) {
    const std::string name(reaction.name);
    CHECK_EQUAL(&reaction_to(reaction.fault), &reaction);
    CHECK_EQUAL(to_string(reaction.fault), reaction.name);
    CHECK(names.insert(reaction.name).second);
    ck_assert_msg(reaction.status >= 400 && reaction.status < 600, "%s", name.c_str());
    ck_assert_msg(kProblems.contains(reaction.problem), "%s", name.c_str());
    ck_assert_msg(reaction.tag.starts_with("CALINT02"), "%s", name.c_str());
    ck_assert_msg(reaction.exit != Exit::done, "%s", name.c_str());
    // Who may come back is told when; where that wouldn't help, nobody is.
    const bool passes = reaction.exit == Exit::unavailable;
    ck_assert_msg((reaction.retry_after.count() > 0) == passes, "%s", name.c_str());
    if (passes) ck_assert_msg(reaction.status == 503, "%s", name.c_str());
  }
}

CALINT_TEST(only_what_an_operator_must_mend_is_an_alarm) {
  for (const Reaction& reaction : kReactions) {
    const bool is_alarm = reaction.fault == Fault::operator_fault;
    CHECK_EQUAL((reaction.background == Background::alarm), is_alarm);
    CHECK_EQUAL(logged({.fault = reaction.fault, .what = "no"}).text.starts_with("ALARM: "), is_alarm);
  }
  const Line alarm =
      logged({.fault = Fault::operator_fault, .what = "no such client", .code = "invalid_client"}, "CALINT0220");
  CHECK_EQUAL(alarm.level, LogLevel::error);
  CHECK_EQUAL(alarm.tag, "CALINT0204");
  CHECK_EQUAL(alarm.text, "ALARM: the refresh failed: no such client (invalid_client)");
}

CALINT_TEST(what_was_tried_names_its_own_tag_where_nobody_here_has_to_mend_anything) {
  const Line passing = logged({.fault = Fault::unavailable, .what = "503"}, "CALINT0220");
  CHECK_EQUAL(passing.level, LogLevel::warning);
  CHECK_EQUAL(passing.tag, "CALINT0220");
  CHECK_EQUAL(passing.text, "the refresh failed: 503");
  CHECK_EQUAL(logged({.fault = Fault::reconnect, .what = "401"}, "CALINT0208").level, LogLevel::warning);
  CHECK_EQUAL(logged({.fault = Fault::corrupt, .what = "no list"}, "CALINT0208").level, LogLevel::error);
  CHECK_EQUAL(logged({.fault = Fault::bug, .what = "400"}, "CALINT0208").tag, "CALINT0216");
  CHECK_EQUAL(logged({.fault = Fault::stopping, .what = "the process ends"}, "CALINT0208").level, LogLevel::info);
}

CALINT_TEST(a_code_and_a_detail_stand_behind_what_went_wrong) {
  CHECK_EQUAL(text_of({.fault = Fault::reconnect, .what = "no"}), "no");
  CHECK_EQUAL(text_of({.fault = Fault::reconnect, .what = "no", .code = "401"}), "no (401)");
  CHECK_EQUAL(text_of({.fault = Fault::reconnect, .what = "no", .detail = Detail::refused}), "no (refused)");
  CHECK_EQUAL(text_of({.fault = Fault::reconnect, .what = "no", .code = "401", .detail = Detail::refused}),
              "no (401, refused)");
}

CALINT_TEST(a_database_that_is_away_is_another_problem_than_a_provider) {
  CHECK_EQUAL(problem_of({.fault = Fault::unavailable, .what = "503"}), "provider_unavailable");
  CHECK_EQUAL(problem_of({.fault = Fault::unavailable, .what = "refused", .of_database = true}),
              "database_unavailable");
  CHECK_EQUAL(problem_of({.fault = Fault::in_doubt, .what = "lost", .of_database = true}), "database_unavailable");
  CHECK_EQUAL(problem_of({.fault = Fault::conflict, .what = "unique", .of_database = true}), "conflict");
}
