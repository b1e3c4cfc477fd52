// Checking that the access works: the account's calendar list is read with the stored tokens.
#pragma once

#include <optional>
#include <string>

#include "base/words.h"
#include "provider/provider.h"
#include "runtime/call.h"
#include "runtime/runtime.h"
#include "store/flows.h"
#include "store/users.h"

namespace calint::integration {

// Tokens that a flow stored a moment ago.
struct Fresh {
  const Provider& provider;
  store::FlowKey flow;          // whose outcome is written with what the validation finds
  store::Actor actor;
  store::Integration stored;
  const Grant& grant;
  Notice notice;                // that the flow ends with where the validation works
};

// Reads the list with them, unless the grant has it already, and returns the notice that the flow ended with.
// `notice`: the integration is `connected`, by this flow or by one that came after it. `disconnected`: the user did
// that meanwhile. `validation_failed`: it stays `error` with a queued validation (EF-3); the reason is stored and
// logged. Error: in_doubt, where only the flow's outcome can tell which.
Result<Notice> validate_fresh(Runtime& runtime, const Call& call, const Fresh& fresh);

// With the stored tokens, refreshed where needed. nullopt: it is `connected`. Otherwise why the provider's side keeps
// the calendars from being read, which was stored as the integration's reason, and logged. Errors: conflict or gone
// where the integration changed meanwhile, and whatever keeps the database from being written; what is the operator's
// to mend, unless the actor, who waits, is to be told.
Result<std::optional<Error>> validate_again(Runtime& runtime, const Call& call, const store::Integration& integration,
                                            const store::Actor& actor);

// The calendar that interviews are written to where none is chosen yet: the primary one, if it can be; else empty.
std::string destination_of(const std::vector<Calendar>& calendars);

// Logs that a list has more calendars than are taken of it.
void tell_if_cut(LogSink& log, const CalendarList& list, const std::string& user_id, ProviderId provider);

// What went wrong, as kept in last_error and explained by the page.
Reason reason_of(const Error& error);

// The stored password was refused when it was sent last, so that once more may be once too often.
bool password_was_refused(const store::Integration& integration);

// Whether the provider can be asked to end the grant: it has a revocation, and the token opens.
bool can_revoke(const crypto::Keyset& keyset, const store::Integration& integration);

// What ending `integration` has to revoke. nullopt where the provider has no revocation, and, with a line in the log,
// where the token doesn't open: the connection ends all the same, and its user withdraws the grant at the provider.
Result<std::optional<store::Revocation>> revocation_of(const crypto::Keyset& keyset,
                                                       const store::Integration& integration, LogSink& log);

}  // namespace calint::integration
