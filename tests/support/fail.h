// For test support that can't go on: a test must fail loudly, not wait.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace calint::test {

// Ends the process with a message where `condition` doesn't hold.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "test support: cannot make %s\n", what);
  std::abort();
}

}  // namespace calint::test
