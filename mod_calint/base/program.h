// Programs that the administrator names with "exec:/path" in place of a secret. The one part of base that
// does I/O: the database's password, the keyset and client secrets all come this way.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace calint {

inline constexpr std::chrono::milliseconds kProgramTimeout{5000};
inline constexpr size_t kProgramOutput = 65536;

// Runs the program without a shell, arguments or standard input, and returns what it wrote to its standard
// output, without one trailing line end. Its standard error goes where this process's does. Safe in a
// process with threads; blocks the caller. What runs is the very file that open_roots_file() looked at; a script sees
// itself as /proc/self/fd/3.
// operator_fault as open_roots_file(), and where the program can't be started, ends with another status than 0, or
// writes nothing or more than kProgramOutput. unavailable where it isn't done after kProgramTimeout: it is killed.
// No error holds any of the output.
Result<Secret> program_output(const std::string& path);

}  // namespace calint
