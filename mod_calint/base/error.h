// What went wrong, named after the reaction it asks for.
#pragma once

#include <chrono>
#include <source_location>
#include <string>
#include <string_view>

namespace calint {

// The one vocabulary of failure. A fault says what the caller should do, not which layer failed;
// app/reaction.h maps each to a status code, a page and a log level.
enum class Fault {
  bad_input,        // what came from outside can't be used: say why, do nothing
  unauthenticated,  // nobody is signed in
  forbidden,        // signed in, but not entitled
  not_found,        // no such thing, or not for this user
  denied,           // the user said no at the provider
  reconnect,        // the grant is gone or narrowed: ask the user to connect again
  operator_fault,   // configuration, key or client is wrong: alarm, touch no user's status
  conflict,         // changed meanwhile (generation, etag, unique key): plan again
  resync,           // a cursor is gone: full pass
  gone,             // the calendar or event is no longer there
  rate_limited,     // the provider said slow down: wait retry_after
  too_many,         // our own limit: wait retry_after
  unavailable,      // transient: back off
  in_doubt,         // a commit's or a rotation's answer was lost: read back, never retry blindly
  corrupt,          // stored or sealed data don't hold what they must
  bug,              // our mistake
};

std::string_view to_string(Fault fault);

// A failure as a value. Copyable; owns its text.
struct Error {
  Fault fault = Fault::bug;
  std::string what;                       // one line, safe to log: no token, code, state or secret
  std::string code = {};                  // SQLSTATE, curl's or the provider's code; empty if there is none
  std::chrono::seconds retry_after{0};    // 0: not told
  bool nothing_sent = false;              // true only when surely no byte of a request left this host
  std::source_location where = std::source_location::current();
};

}  // namespace calint
