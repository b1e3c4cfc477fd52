#include "interviews/due_interview.h"

#include <fmt/format.h>

#include "integration/oauth_clients.h"
#include "integration/shared_failure.h"
#include "interviews/deliver.h"
#include "jobs/needless.h"
#include "store/interview_jobs.h"

namespace calint::interviews {
namespace {

// Longer than its calls: an event that is looked for in many calendars takes some.
constexpr std::chrono::seconds kLease{60};

jobs::Limits limits_of(const store::Integration& integration, const store::Interview& interview) {
  return {.account_key = integration.account_key,
          .counterpart = {.provider = integration.provider, .client = integration::describe(integration.client)},
          .tried_until = interview.end};
}

class DueInterview final : public jobs::Job {
 public:
  explicit DueInterview(store::InterviewJob job)
      : Job(std::move(job.job), limits_of(*job.integration, *job.interview)),
        integration_(std::move(*job.integration)),
        interview_(std::move(*job.interview)) {}

  std::string name() const override {
    return fmt::format("interview {} at {}, integration {}", interview_.id, to_string(integration_.provider),
                       integration_.id);
  }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    auto delivered = deliver(context.runtime, context.call, claimed(), integration_, interview_);
    if (!delivered) return std::move(delivered).error();
    return jobs::Outcome{.word = delivered->word,
                         .is_well = delivered->word != "postponed" && delivered->word != "failed"};
  }

  std::optional<store::Breaker> breaker(const Runtime& runtime, const Error& error) const override {
    return integration::breaker_of(runtime, kInterview.name, integration_, error);
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    context.call.log.write(LogLevel::error, "CALINT0235", fmt::format("{}: given up: {}", name(), why));
    auto noted = store::note_interview_problem(context.runtime.pool(), {claimed(), {}}, interview_, "internal",
                                               "what was to be told ended its process again and again", true,
                                               context.for_storing());
    if (!noted) return std::move(noted).error();
    return {};
  }

 private:
  store::Integration integration_;  // as last seen
  const store::Interview interview_;
};

Result<jobs::Claimed> claim_due(Runtime& runtime, const store::Claim& claim, store::RoundRobin& round,
                                Deadline deadline) {
  auto due = store::claim_interviews(runtime.pool(), claim, round, deadline);
  if (!due) return std::move(due).error();
  jobs::Claimed claimed{.may_be_more = due->may_be_more};
  for (store::InterviewJob& one : due->jobs) {
    if (one.integration && one.interview)
      claimed.jobs.push_back(std::make_unique<DueInterview>(std::move(one)));
    else
      claimed.jobs.push_back(std::make_unique<jobs::Needless>(std::move(one.job), "interview"));
  }
  return claimed;
}

}  // namespace

const jobs::Kind kInterview{.name = "interview",
                            .backoff = {.first = std::chrono::seconds(15), .most = std::chrono::minutes(30)},
                            .lease = kLease,
                            .failed_tag = "CALINT0233",
                            .claim = claim_due};

}  // namespace calint::interviews
