// Tells a provider of an interview what it hasn't been told, or looks how it stands: a step, whoever has the lease of
// its job. A request does so right after it has stored what the ATS asked for, and the job does it later.
#pragma once

#include "jobs/kind.h"
#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/interview.h"

namespace calint::interviews {

struct Delivered {
  std::string_view word;       // for counts: created, changed, ended, looked, deleted, postponed, failed
  store::Interview interview;  // as it is stored now
};

// What came of it is stored, and the lease has ended; one log line. `integration` is brought up to date where its
// tokens are refreshed.
//
// An error says nothing about the interview, and the lease is still there: conflict where somebody else has it by now,
// operator_fault, stopping, corrupt, bug, or the database's.
Result<Delivered> deliver(Runtime& runtime, const Call& call, const store::ClaimedJob& job,
                          store::Integration& integration, const store::Interview& interview);

}  // namespace calint::interviews
