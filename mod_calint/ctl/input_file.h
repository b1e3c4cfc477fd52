// Files that an administrator names; "-" is standard input.
#pragma once

#include <string>

#include "base/result.h"

namespace calint::ctl {

inline constexpr size_t kLargestFile = 64 << 20;

// bad_input where it is larger, corrupt where it can't be read.
Result<std::string> read_input(const std::string& name);

}  // namespace calint::ctl
