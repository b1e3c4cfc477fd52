// What is done with one job that was claimed.
#pragma once

#include "jobs/kind.h"

namespace calint::jobs {

struct Done {
  std::string_view word;                        // for counts
  bool is_well = false;                         // as its outcome says
  std::optional<store::Breaker> opened = {};    // the breaker that it waits for, with all of its like
};

// Works on it, and sees to its end, with one log line. The word is the outcome's, or
//   given_back  unused, at once: this process ends, or the claim has waited for most of its lease
//   given_up    it may be what ends the process (is_poison)
//   changed     what it was about changed meanwhile
//   postponed   by the kind's backoff, or for as long as the provider asks; about an hour after a bug, and after what
//               the operator is to mend for it alone, which raises the alarm and doesn't count as an attempt
//   held        it waits for its breaker; the same alarm
// What throws stays claimed until its lease and its backoff are over, and counts as an attempt.
Done perform(const Kind& kind, Job& job, const Context& context);

// Gives it back without an attempt, as it was due.
void give_back(Job& job, const Context& context);
// Gives it back without an attempt, because the account has no slot: it comes again in seconds.
void wait_for_slot(Job& job, const Context& context);

// For work that stores what comes after passing trouble in a transaction of its own: when it comes again, and its log
// line.
store::Again again_after(const Job& job, const Error& error);
void note_failure(const Kind& kind, const Job& job, const Context& context, const Error& error);

}  // namespace calint::jobs
