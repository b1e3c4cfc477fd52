#include "integration/due_validation.h"

#include <fmt/format.h>

#include "crypto/random.h"
#include "integration/pace.h"
#include "integration/validation.h"
#include "net/transport.h"
#include "store/users.h"

namespace calint::integration {
namespace {

using store::Integration;

struct Job {
  Runtime& runtime;
  const Call& call;
  const store::DueValidation& due;
  const std::string& owner;

  void note(LogLevel level, std::string_view tag, const std::string& text) const {
    call.log.write(level, tag, fmt::format("validation of integration {}: {}", due.integration_id, text));
  }

  // Stored or not, the claim has put the next attempt off.
  void check(const Status& stored) const {
    if (stored || stored.error().fault == Fault::conflict) return;
    note(LogLevel::warning, "CALINT0205", "what came of it could not be stored: " + stored.error().what);
  }

  void again(const store::Again& again) const {
    check(store::postpone_job(runtime.pool(), due.organization_id, due.id, owner, again, call.deadline));
  }

  void give_up(const Integration& integration, const std::string& why) const {
    note(LogLevel::notice, "CALINT0221", "given up: " + why);
    check(store::give_up_validation(runtime.pool(), due, integration, call.deadline));
  }
};

// What the operator is to mend says nothing about how long the connection itself has been failing.
bool has_failed_for_long(const Runtime& runtime, const Integration& before) {
  const bool is_operators = before.last_error == reason_word({.fault = Fault::operator_fault});
  return before.status == "error" && before.error_since && !is_operators &&
         is_over(*before.error_since, runtime.settings().expiry_grace, runtime.now());
}

void failed(const Job& job, const Error& error) {
  if (error.code == kProcessEnds) {
    job.note(LogLevel::info, "CALINT0226", "given back: " + error.what);
    return job.again({.attempts = job.due.attempts - 1});
  }
  switch (error.fault) {
    case Fault::gone:
    case Fault::conflict:
      job.note(LogLevel::debug, "CALINT0213", "the connection changed meanwhile");
      return job.again({.attempts = job.due.attempts - 1});
    case Fault::operator_fault:
    case Fault::corrupt:
    case Fault::bug: {
      const bool alarm = error.fault == Fault::operator_fault;
      job.note(LogLevel::error, alarm ? "CALINT0204" : "CALINT0216",
               fmt::format("{}{} ({})", alarm ? "ALARM: " : "", error.what, error.code));
      return job.again({.in = operator_pause(crypto::random_unit()), .attempts = alarm ? 0 : job.due.attempts});
    }
    default:
      job.note(LogLevel::warning, "CALINT0205", error.what);
      return job.again({.in = asked_pause(error.retry_after, crypto::random_unit()),
                        .at_earliest = true,
                        .attempts = job.due.attempts});
  }
}

}  // namespace

void validate(Runtime& runtime, const Call& call, const store::DueValidation& due, const std::string& owner) {
  const Job job{runtime, call, due, owner};
  auto found = store::find_integration(runtime.pool(), due.organization_id, due.integration_id, call.deadline);
  if (!found) return failed(job, found.error());
  if (!*found || (*found)->status == "expired")
    return job.check(store::drop_validation(runtime.pool(), due, call.deadline));
  const Integration& before = **found;
  if (before.error_since &&
      is_poison(due.attempts, *before.error_since, runtime.settings().expiry_grace, runtime.now()))
    return job.give_up(before, fmt::format("{} attempts were begun and never ended", due.attempts - 1));

  // Logs what the provider said, and stores it.
  auto notice = validate_again(runtime, call, before, {});
  if (!notice) return failed(job, notice.error());
  if (*notice == "connected") return job.note(LogLevel::info, "CALINT0206", "connected");
  if (*notice == "misconfigured") return job.again({.in = operator_pause(crypto::random_unit()), .attempts = 0});
  if (has_failed_for_long(runtime, before)) return job.give_up(before, "it failed for CalIntExpiryGrace");
  job.again({.at_earliest = true, .attempts = due.attempts});
}

void give_back(Runtime& runtime, const Call& call, const store::DueValidation& due, const std::string& owner,
               std::chrono::seconds in) {
  Job{runtime, call, due, owner}.again({.in = in, .attempts = due.attempts - 1});
}

}  // namespace calint::integration
