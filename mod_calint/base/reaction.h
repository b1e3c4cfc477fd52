// What a fault means: the one table, for browsers, the ATS, background work, calintctl and the log.
#pragma once

#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/log.h"

namespace calint {

// What background work does about it.
enum class Background {
  give_up,     // end the job, keep its row
  expire,      // the user has to connect again: mark the integration, stop
  alarm,       // touch no user's status, raise the alarm, come back late
  plan_again,  // it changed meanwhile: look at what is there now
  read_fully,  // forget the cursor, read everything
  mark_gone,
  wait,        // for as long as was asked
  back_off,    // with jitter
  read_back,   // look whether it happened before anything is tried again
  give_back,   // at once, for another process
  stop,        // come back late, and count the attempt: nothing here can mend it
};

// How calintctl(8) ends.
enum class Exit {
  done = 0,
  failed = 1,       // something went wrong; the message says what
  usage = 2,        // the command line can't be used
  refused = 3,      // not allowed as things stand; nothing was changed
  unavailable = 4,  // the database or a provider can't be reached; try again
};

struct Reaction {
  Fault fault;
  std::string_view name;     // stable: in `calintctl --json` and in calendar_jobs.last_error
  int status;                // of HTTP
  std::string_view problem;  // RFC 9457: what `type` ends in
  LogLevel level;
  std::string_view tag;
  Background background;
  Exit exit;
  std::chrono::seconds retry_after{0};  // that a browser or the ATS is told; 0: coming back won't help
};

// In the order of Fault.
inline constexpr std::array<Reaction, 17> kReactions = {{
    {Fault::bad_input, "bad_input", 400, "invalid_request", LogLevel::info, "CALINT0210", Background::give_up,
     Exit::usage},
    {Fault::unauthenticated, "unauthenticated", 401, "unauthenticated", LogLevel::info, "CALINT0211",
     Background::give_up, Exit::failed},
    {Fault::forbidden, "forbidden", 403, "forbidden", LogLevel::warning, "CALINT0201", Background::give_up,
     Exit::refused},
    {Fault::not_found, "not_found", 404, "not_found", LogLevel::info, "CALINT0212", Background::give_up, Exit::failed},
    {Fault::denied, "denied", 403, "forbidden", LogLevel::info, "CALINT0203", Background::give_up, Exit::failed},
    {Fault::reconnect, "reconnect", 409, "not_connected", LogLevel::notice, "CALINT0214", Background::expire,
     Exit::failed},
    {Fault::operator_fault, "operator", 503, "misconfigured", LogLevel::error, "CALINT0204", Background::alarm,
     Exit::failed},
    {Fault::conflict, "conflict", 409, "conflict", LogLevel::info, "CALINT0213", Background::plan_again, Exit::refused},
    {Fault::resync, "resync", 409, "conflict", LogLevel::info, "CALINT0213", Background::read_fully, Exit::failed},
    {Fault::gone, "gone", 404, "not_found", LogLevel::info, "CALINT0212", Background::mark_gone, Exit::failed},
    {Fault::rate_limited, "rate_limited", 503, "rate_limited", LogLevel::warning, "CALINT0215", Background::wait,
     Exit::unavailable, std::chrono::seconds(3)},
    {Fault::too_many, "too_many", 503, "rate_limited", LogLevel::warning, "CALINT0215", Background::wait,
     Exit::unavailable, std::chrono::seconds(3)},
    {Fault::unavailable, "unavailable", 503, "provider_unavailable", LogLevel::warning, "CALINT0205",
     Background::back_off, Exit::unavailable, std::chrono::seconds(5)},
    {Fault::in_doubt, "in_doubt", 503, "provider_unavailable", LogLevel::warning, "CALINT0205", Background::read_back,
     Exit::unavailable, std::chrono::seconds(5)},
    {Fault::stopping, "stopping", 503, "provider_unavailable", LogLevel::info, "CALINT0226", Background::give_back,
     Exit::unavailable, std::chrono::seconds(5)},
    {Fault::corrupt, "corrupt", 500, "internal", LogLevel::error, "CALINT0216", Background::stop, Exit::failed},
    {Fault::bug, "bug", 500, "internal", LogLevel::error, "CALINT0216", Background::stop, Exit::failed},
}};

constexpr const Reaction& reaction_to(Fault fault) { return kReactions[static_cast<size_t>(fault)]; }

// The same where the database is away: `database_unavailable`.
std::string_view problem_of(const Error& error);

// The line about a failure: `text`, then what the error says. Level and tag are the fault's own; where it is the
// operator's to mend, the line begins with "ALARM: ". `tag`: what was tried has a tag of its own, under which it is a
// warning at least; not for what the operator or we have to mend, nor where this process ends.
Line line_of(const Error& error, std::string_view text, std::string_view tag = {});
void log_failure(LogSink& log, const Error& error, std::string_view text, std::string_view tag = {});

}  // namespace calint
