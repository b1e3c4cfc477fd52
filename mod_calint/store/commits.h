// Which transactions are answered before they are on disk: those of which a crash of the database's server takes
// nothing that doesn't come again by itself. All others are durable: a transaction is where nothing is said.
//
// The write-ahead log goes to the disk in its order, so a durable commit brings all that was committed before it along:
// a crash takes the latest of these, back to the last durable commit of any session, and nothing from the middle.
#pragma once

#include "postgres/session.h"

namespace calint::store::commits {

using postgres::Commit;

// That a flow was taken. What is stored of the flow writes its row anew where it is gone, and not where another request
// has taken it since: a code is presented twice only where nothing is stored of it.
inline constexpr Commit kTakenFlow = Commit::may_be_lost;

// How a flow ended that stored nothing, or that its code wasn't presented: a reload begins anew.
inline constexpr Commit kFlowOutcome = Commit::may_be_lost;

// That calendars were read. The job of the validation is durable with the tokens, and then there again.
inline constexpr Commit kValidation = Commit::may_be_lost;

// That a job ended, or comes again at another time. Its claim is durable: it is done again when its lease has run out.
// A lease itself isn't among these: two refreshes at once may end a grant.
inline constexpr Commit kJobEnd = Commit::may_be_lost;

// What is repeated all the time: chores, the hint that there are changes, that a node is there.
inline constexpr Commit kRoutine = Commit::may_be_lost;

}  // namespace calint::store::commits
