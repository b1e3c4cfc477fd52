// What is done with one job that was claimed.
#pragma once

#include "jobs/kind.h"

namespace calint::jobs {

// Works on it, and sees to its end, with one log line. A word for counts comes back: the outcome's, or
//   given_back  unused, at once: this process ends, or the claim has waited for most of its lease
//   given_up    it may be what ends the process (is_poison)
//   changed     what it was about changed meanwhile
//   postponed   by the kind's backoff, or for as long as the provider asks; about an hour after a bug, and after what
//               the operator is to mend, which raises the alarm and doesn't count as an attempt
// What throws stays claimed for as long as the claim put it off, and counts as an attempt.
std::string_view perform(const Kind& kind, Job& job, const Context& context);

// Gives it back without an attempt, to come again after `in`.
void give_back(Job& job, const Context& context, std::chrono::seconds in);

}  // namespace calint::jobs
