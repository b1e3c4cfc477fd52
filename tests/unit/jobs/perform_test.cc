// What is done with one job, whatever its kind.
#include "jobs/perform.h"

#include <optional>
#include <string>
#include <vector>

#include "support/check.h"

using namespace calint;
using namespace calint::jobs;
using namespace std::chrono_literals;

namespace {

struct Lines final : LogSink {
  void write(LogLevel, std::string_view tag, std::string_view text) override {
    all.push_back(std::string(tag) + " " + std::string(text));
  }
  std::vector<std::string> all;
};

// A runtime that never opens its database.
std::unique_ptr<Runtime> idle_runtime(NodeSlots& slots) {
  auto keyset = crypto::Keyset::generate(SystemClock().now());
  CHECK_OK(keyset);
  auto made = Runtime::make({.settings = {}, .keyset = std::move(*keyset), .node_id = "node", .provider_slots = slots});
  CHECK_OK(made);
  return std::move(*made);
}

class Scripted final : public Job {
 public:
  Scripted(store::ClaimedJob claimed, Result<Outcome> outcome, Limits limits = {})
      : Job(std::move(claimed), std::move(limits)), outcome_(std::move(outcome)) {}
  std::string name() const override { return "a job"; }
  Result<Outcome> work(const Context&) override {
    ++begun;
    return outcome_;
  }
  Status put_off(const Context&, const store::Again& again) override {
    postponed.push_back(again);
    return stored;
  }
  Status give_up(const Context&, const std::string& why) override {
    given_up = why;
    return stored;
  }

  int begun = 0;
  std::vector<store::Again> postponed;
  std::string given_up;
  Status stored;

 private:
  Result<Outcome> outcome_;
};

struct Bench {
  NodeSlots slots{nullptr, 0};
  std::unique_ptr<Runtime> runtime = idle_runtime(slots);
  Lines log;
  bool is_stopping = false;
  const Kind kind{.name = "kind", .backoff = {.first = 30s, .most = 900s}, .lease = 60s, .failed_tag = "CALINT0220",
                  .claim = nullptr};

  std::string perform(Scripted& job) {
    const Call call{.log = log, .deadline = Deadline::in(6s)};
    const std::function<bool()> stopping = [this] { return is_stopping; };
    return std::string(jobs::perform(kind, job, {.runtime = *runtime, .call = call, .stopping = stopping}).word);
  }
};

store::ClaimedJob claimed(int attempts, Deadline lease_ends = Deadline::in(60s)) {
  return {.organization_id = "1", .id = 7, .attempts = attempts, .lease_ends = lease_ends};
}

}  // namespace

CALINT_TEST(work_that_ends_well_is_left_alone) {
  Bench bench;
  Scripted job(claimed(3), Outcome{"done"});
  CHECK_EQUAL(bench.perform(job), "done");
  CHECK_EQUAL(job.begun, 1);
  CHECK(job.postponed.empty() && bench.log.all.empty());
}

CALINT_TEST(work_that_says_when_it_comes_again_is_put_off) {
  Bench bench;
  Scripted job(claimed(3), Outcome{"waits", store::Again{.in = 90s, .attempts = 3}});
  CHECK_EQUAL(bench.perform(job), "waits");
  CHECK_EQUAL(job.postponed.size(), 1);
  CHECK_EQUAL(job.postponed[0].in, 90s);
  CHECK_EQUAL(job.postponed[0].attempts, 3);
}

CALINT_TEST(a_claim_that_has_waited_too_long_or_meets_a_stop_is_given_back_unbegun) {
  Bench bench;
  Scripted late(claimed(3, Deadline::in(10s)), Outcome{"done"});
  CHECK_EQUAL(bench.perform(late), "given_back");
  bench.is_stopping = true;
  Scripted stopped(claimed(3), Outcome{"done"});
  CHECK_EQUAL(bench.perform(stopped), "given_back");
  for (const Scripted* job : {&late, &stopped}) {
    CHECK_EQUAL(job->begun, 0);
    CHECK_EQUAL(job->postponed.size(), 1);
    CHECK(!job->postponed[0].in && !job->postponed[0].keeps_backoff);
    CHECK_EQUAL(job->postponed[0].attempts, 2);
  }
}

CALINT_TEST(work_that_may_be_what_ends_the_process_is_given_up_unbegun) {
  Bench bench;
  Scripted job(claimed(6), Outcome{"done"}, {.tried_until = bench.runtime->now() - 3h});
  CHECK_EQUAL(bench.perform(job), "given_up");
  CHECK_EQUAL(job.begun, 0);
  CHECK_EQUAL(job.given_up, "5 attempts were begun and never ended");
}

CALINT_TEST(what_fails_for_a_passing_reason_keeps_its_backoff_and_comes_no_sooner_than_the_provider_asks) {
  Bench bench;
  Scripted job(claimed(3),
               Error{.fault = Fault::rate_limited, .what = "slow down", .code = "429", .retry_after = 100s});
  CHECK_EQUAL(bench.perform(job), "postponed");
  const store::Again& again = job.postponed.at(0);
  CHECK(again.keeps_backoff);
  CHECK_EQUAL(again.attempts, 3);
  CHECK(again.in >= 100s && again.in <= 125s);
  CHECK_EQUAL(again.reason, "rate_limited");
  CHECK_EQUAL(bench.log.all.at(0), "CALINT0220 a job: it failed and is tried again, attempt 3: slow down (429)");
}

CALINT_TEST(what_the_operator_is_to_mend_raises_the_alarm_and_counts_for_nothing) {
  Bench bench;
  Scripted job(claimed(3), Error{.fault = Fault::operator_fault, .what = "refused", .code = "invalid_client"});
  CHECK_EQUAL(bench.perform(job), "postponed");
  const store::Again& again = job.postponed.at(0);
  CHECK(!again.keeps_backoff);
  CHECK_EQUAL(again.attempts, 0);
  CHECK(again.in >= 45min && again.in <= 75min);
  CHECK_EQUAL(bench.log.all.at(0), "CALINT0204 ALARM: a job: it waits for the operator: refused (invalid_client)");
}

CALINT_TEST(a_bug_waits_as_long_and_counts) {
  Bench bench;
  Scripted job(claimed(3), Error{.fault = Fault::corrupt, .what = "it doesn't open", .code = "seal"});
  CHECK_EQUAL(bench.perform(job), "postponed");
  CHECK_EQUAL(job.postponed.at(0).attempts, 3);
  CHECK(job.postponed.at(0).in >= 45min);
  CHECK(bench.log.all.at(0).starts_with("CALINT0216 "));
}

CALINT_TEST(what_changed_meanwhile_and_what_the_end_of_the_process_cut_off_come_again_at_once) {
  Bench bench;
  Scripted changed(claimed(3), Error{.fault = Fault::conflict, .what = "changed"});
  CHECK_EQUAL(bench.perform(changed), "changed");
  Scripted cut_off(claimed(3), Error{.fault = Fault::stopping, .what = "stopping"});
  CHECK_EQUAL(bench.perform(cut_off), "given_back");
  for (const Scripted* job : {&changed, &cut_off}) {
    CHECK(!job->postponed.at(0).in);
    CHECK_EQUAL(job->postponed[0].attempts, 2);
  }
  CHECK(bench.log.all.at(1).starts_with("CALINT0226 "));
}

CALINT_TEST(an_end_that_can_not_be_stored_is_said_and_one_that_came_too_late_is_not) {
  Bench bench;
  Scripted job(claimed(3), Outcome{"waits", store::Again{}});
  job.stored = Error{.fault = Fault::conflict, .what = "changed"};
  bench.perform(job);
  CHECK(bench.log.all.empty());
  job.stored = Error{.fault = Fault::unavailable, .what = "no database"};
  bench.perform(job);
  CHECK(bench.log.all.at(0).starts_with("CALINT0205 a job: "));
}
