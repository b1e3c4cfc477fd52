// What went wrong, named after the reaction it asks for.
#pragma once

#include <chrono>
#include <source_location>
#include <string>
#include <string_view>

namespace calint {

// The one vocabulary of failure. A fault says what the caller should do, not which layer failed; base/reaction.h has
// what each of them means to a browser, the ATS, background work and the log.
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
  stopping,         // this process ends, which says nothing about the other side: give the work back
  corrupt,          // stored or sealed data don't hold what they must
  bug,              // our mistake
};

// What a caller may branch on beside the fault.
enum class Detail {
  none,
  refused,         // with reconnect: the token or password itself was refused (401); a token may be refreshed once
  sign_in_policy,  // with reconnect: the user's organisation wants them to sign in anew
  admin_consent,   // with reconnect or bad_input: an administrator of the user's organisation must allow it first
  no_mailbox,      // with forbidden: the account has none
  own_limit,       // with rate_limited: of this account alone, whatever else our OAuth client asks
  deleted,         // with gone: an event was deleted; its calendar is there
  no_room,         // with bad_input: the provider makes no conference for this account
  unopened,        // with corrupt or operator_fault: what is stored doesn't open with the keys that are here
  state,           // with bad_input: a flow's state isn't one of this session, or no longer
  csrf,            // with bad_input: a form isn't surely the user's own
  lock_taken,      // with conflict: a lock of the database wasn't free in time
  no_such_table,   // with operator_fault
  no_such_column,  // the same
  missing,         // with bad_input: nothing was typed
  too_long,        // with bad_input
  client_refused,  // with operator_fault: the token endpoint doesn't take our OAuth client
  service_keys,    // with operator_fault: their file can't be used, so nobody is let in by one
};

// A failure as a value. Copyable; owns its text.
struct Error {
  Fault fault = Fault::bug;
  std::string what;                       // one line, safe to log: no token, code, state or secret
  std::string code = {};                  // for people: SQLSTATE, curl's or the provider's code; empty if there is none
  Detail detail = Detail::none;
  std::chrono::seconds retry_after{0};    // 0: not told
  bool nothing_sent = false;              // true only when surely no byte of a request left this host
  bool of_database = false;               // PostgreSQL refused, can't be reached, or has no connection left for us
  std::source_location where = std::source_location::current();
};

std::string_view to_string(Fault fault);
std::string_view to_string(Detail detail);

// The code and the detail, as far as there are any.
std::string code_of(const Error& error);

// `what`, and the same behind it in brackets: for logs.
std::string text_of(const Error& error);

}  // namespace calint
