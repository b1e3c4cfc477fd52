// What is done for the whole installation, by whichever node comes first.
#pragma once

#include "jobs/chore.h"

namespace calint::integration {

// Once an hour: drops what is kept no longer (store::retain).
extern const jobs::Chore kRetention;

// Once an hour: disconnects whoever is no longer an active, entitled row of calint_users: as if they had done it, with
// the reason `left` in the audit row. Where not one user is entitled, calint_users is broken: an alarm, and nobody is
// disconnected.
extern const jobs::Chore kLeavers;

// Once a second at most: listeners hear that there are changes (store::announce_changes).
extern const jobs::Chore kAnnouncement;

// Every ten minutes: the node is still there (store::see_node). It counts as live for a day.
extern const jobs::Chore kPresence;

}  // namespace calint::integration
