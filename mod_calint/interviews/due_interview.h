// The kind of job that tells providers of interviews.
#pragma once

#include "jobs/kind.h"

namespace calint::interviews {

extern const jobs::Kind kInterview;

}  // namespace calint::interviews
