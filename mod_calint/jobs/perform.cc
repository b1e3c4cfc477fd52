#include "jobs/perform.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "jobs/backoff.h"

namespace calint::jobs {
namespace {

// What a call and the storing of what it brings take, with CalIntProviderTimeout as it is by default; a longer call is
// cut off before its lease ends.
constexpr std::chrono::seconds kWorthBeginning{15};

void note(const Job& job, const Context& context, const Error& error, std::string_view text,
          std::string_view tag = {}) {
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

// On the schema before nothing can wait for a breaker: it is put off.
Done wait_for_operator(const Kind& kind, Job& job, const Context& context, const Error& error) {
  note(job, context, error, "it waits for the operator");
  const std::string reason(to_string(error.fault));
  if (auto breaker = job.breaker(context.runtime, error)) {
    auto held =
        store::hold_job(context.runtime.pool(), job.claimed(), kind.name, *breaker, reason, context.for_storing());
    if (held) return {.word = "held", .opened = std::move(breaker)};
    if (held.error().detail != Detail::no_such_table) {
      check(job, context, held);
      return {.word = "postponed"};
    }
  }
  put_off(job, context, {.in = operator_pause(crypto::random_unit()), .reason = reason});
  return {.word = "postponed"};
}

Done react(const Kind& kind, Job& job, const Context& context, const Error& error) {
  switch (reaction_to(error.fault).background) {
    case Background::give_back:
      note(job, context, error, "given back");
      give_back(job, context);
      return {.word = "given_back"};
    case Background::mark_gone:
    case Background::plan_again:
      note(job, context, error, "it changed meanwhile");
      give_back(job, context);
      return {.word = "changed"};
    case Background::alarm: return wait_for_operator(kind, job, context, error);
    case Background::stop:
      note(job, context, error, "it failed");
      put_off(job, context, {.in = operator_pause(crypto::random_unit()),
                             .attempts = job.claimed().attempts,
                             .reason = std::string(to_string(error.fault))});
      return {.word = "postponed"};
    default:
      note_failure(kind, job, context, error);
      put_off(job, context, again_after(job, error));
      return {.word = "postponed"};
  }
}

}  // namespace

Done perform(const Kind& kind, Job& job, const Context& context) {
  const store::ClaimedJob& claimed = job.claimed();
  if (context.stopping() || claimed.lease_ends.remaining() < kWorthBeginning) {
    give_back(job, context);
    return {.word = "given_back"};
  }
  if (is_poison(claimed.attempts, job.limits().tried_until, context.runtime.now())) {
    check(job, context,
          job.give_up(context, fmt::format("{} attempts were begun and never ended", claimed.attempts - 1)));
    return {.word = "given_up"};
  }
  auto outcome = job.work(context);
  if (!outcome) return react(kind, job, context, outcome.error());
  if (outcome->again) put_off(job, context, *outcome->again);
  return {.word = outcome->word, .is_well = outcome->is_well};
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
