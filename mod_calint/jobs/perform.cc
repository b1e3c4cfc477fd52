#include "jobs/perform.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "jobs/pauses.h"

namespace calint::jobs {
namespace {

// What a call and the storing of what it brings take, with CalIntProviderTimeout as it is by default; a longer call is
// cut off before its lease ends.
constexpr std::chrono::seconds kWorthBeginning{15};

void note(const Job& job, const Context& context, const Error& error, std::string_view text, std::string_view tag = {}) {
  tell_failure(context.runtime, context.call.log, job.limits().counterpart, error,
               fmt::format("{}: {}", job.name(), text), tag);
}

// Stored or not, the claim has seen to the next attempt.
void check(const Job& job, const Context& context, const Status& stored) {
  if (stored || stored.error().fault == Fault::conflict) return;
  note(job, context, stored.error(), "what came of it could not be stored");
}

void put_off(Job& job, const Context& context, const store::Again& again) {
  check(job, context, job.put_off(context, again));
}

std::string_view react(const Kind& kind, Job& job, const Context& context, const Error& error) {
  const int attempts = job.claimed().attempts;
  const std::string reason(to_string(error.fault));
  switch (reaction_to(error.fault).background) {
    case Background::give_back:
      note(job, context, error, "given back");
      give_back(job, context);
      return "given_back";
    case Background::mark_gone:
    case Background::plan_again:
      note(job, context, error, "it changed meanwhile");
      give_back(job, context);
      return "changed";
    case Background::alarm:
      note(job, context, error, "it waits for the operator");
      put_off(job, context, {.in = operator_pause(crypto::random_unit()), .reason = reason});
      return "postponed";
    case Background::stop:
      note(job, context, error, "it failed");
      put_off(job, context, {.in = operator_pause(crypto::random_unit()), .attempts = attempts, .reason = reason});
      return "postponed";
    default:
      note_failure(kind, job, context, error);
      put_off(job, context, again_after(job, error));
      return "postponed";
  }
}

}  // namespace

std::string_view perform(const Kind& kind, Job& job, const Context& context) {
  const store::ClaimedJob& claimed = job.claimed();
  if (context.stopping() || claimed.lease_ends.remaining() < kWorthBeginning) {
    give_back(job, context);
    return "given_back";
  }
  if (is_poison(claimed.attempts, job.limits().tried_until, context.runtime.now())) {
    check(job, context,
          job.give_up(context, fmt::format("{} attempts were begun and never ended", claimed.attempts - 1)));
    return "given_up";
  }
  auto outcome = job.work(context);
  if (!outcome) return react(kind, job, context, outcome.error());
  if (outcome->again) put_off(job, context, *outcome->again);
  return outcome->word;
}

void give_back(Job& job, const Context& context) { put_off(job, context, {.attempts = job.claimed().attempts - 1}); }

void wait_for_slot(Job& job, const Context& context) {
  put_off(job, context, {.in = slot_pause(crypto::random_unit()), .attempts = job.claimed().attempts - 1});
}

store::Again again_after(const Job& job, const Error& error) {
  return {.in = asked_pause(error.retry_after, crypto::random_unit()),
          .keeps_backoff = true,
          .attempts = job.claimed().attempts,
          .reason = std::string(to_string(error.fault))};
}

void note_failure(const Kind& kind, const Job& job, const Context& context, const Error& error) {
  note(job, context, error, fmt::format("it failed and is tried again, attempt {}", job.claimed().attempts),
       kind.failed_tag);
}

}  // namespace calint::jobs
