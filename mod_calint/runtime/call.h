// What a use case runs with, whoever waits for it: a person, the ATS, or nobody.
#pragma once

#include "base/clock.h"
#include "base/log.h"

namespace calint {

// The log outlives the call; the deadline bounds all of it.
struct Call {
  LogSink& log;
  Deadline deadline;

  // For calls to a provider: what became of them must still get into the database.
  Deadline provider_deadline() const { return deadline.leaving(std::chrono::milliseconds(500)); }
};

}  // namespace calint
