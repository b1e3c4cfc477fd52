#include "jobs/perform.h"

#include <fmt/format.h>

#include "crypto/random.h"
#include "jobs/pauses.h"
#include "net/transport.h"

namespace calint::jobs {
namespace {

// What a call and the storing of what it brings take, with CalIntProviderTimeout as it is by default; a longer call is
// cut off before its lease ends.
constexpr std::chrono::seconds kWorthBeginning{15};

void note(const Job& job, const Context& context, LogLevel level, std::string_view tag, const std::string& text) {
  context.call.log.write(level, tag, fmt::format("{}: {}", job.name(), text));
}

// Stored or not, the claim has put the next attempt off.
void check(const Job& job, const Context& context, const Status& stored) {
  if (stored || stored.error().fault == Fault::conflict) return;
  note(job, context, LogLevel::warning, "CALINT0205",
       fmt::format("what came of it could not be stored: {} ({})", stored.error().what, stored.error().code));
}

void put_off(Job& job, const Context& context, const store::Again& again) {
  check(job, context, job.postpone(context, again));
}

std::string_view react(const Kind& kind, Job& job, const Context& context, const Error& error) {
  const std::string said = fmt::format("{} ({})", error.what, error.code);
  if (error.code == kProcessEnds) {
    note(job, context, LogLevel::info, "CALINT0226", "given back: " + error.what);
    give_back(job, context, {});
    return "given_back";
  }
  const std::string reason(to_string(error.fault));
  switch (error.fault) {
    case Fault::gone:
    case Fault::conflict:
      note(job, context, LogLevel::debug, "CALINT0213", "it changed meanwhile");
      give_back(job, context, {});
      return "changed";
    case Fault::operator_fault:
      note(job, context, LogLevel::error, "CALINT0204", "ALARM: " + said);
      put_off(job, context, {.in = operator_pause(crypto::random_unit()), .reason = reason});
      return "postponed";
    case Fault::corrupt:
    case Fault::bug:
      note(job, context, LogLevel::error, "CALINT0216", said);
      put_off(job, context,
              {.in = operator_pause(crypto::random_unit()), .attempts = job.claimed().attempts, .reason = reason});
      return "postponed";
    default:
      note(job, context, LogLevel::warning, kind.failed_tag,
           fmt::format("it failed and is tried again, attempt {}: {}", job.claimed().attempts, said));
      put_off(job, context, {.in = asked_pause(error.retry_after, crypto::random_unit()),
                             .at_earliest = true,
                             .attempts = job.claimed().attempts,
                             .reason = reason});
      return "postponed";
  }
}

}  // namespace

std::string_view perform(const Kind& kind, Job& job, const Context& context) {
  const Claimed& claimed = job.claimed();
  if (context.stopping() || claimed.lease_ends.remaining() < kWorthBeginning) {
    give_back(job, context, {});
    return "given_back";
  }
  if (is_poison(claimed.attempts, claimed.tried_until, context.runtime.now())) {
    check(job, context,
          job.give_up(context, fmt::format("{} attempts were begun and never ended", claimed.attempts - 1)));
    return "given_up";
  }
  auto outcome = job.work(context);
  if (!outcome) return react(kind, job, context, outcome.error());
  if (outcome->again) put_off(job, context, *outcome->again);
  return outcome->word;
}

void give_back(Job& job, const Context& context, std::chrono::seconds in) {
  put_off(job, context, {.in = in, .attempts = job.claimed().attempts - 1});
}

}  // namespace calint::jobs
