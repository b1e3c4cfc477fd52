// What is done for the whole installation, by whichever node comes first.
#pragma once

#include "jobs/chore.h"

namespace calint::integration {

// Once an hour: drops what is kept no longer (store::retain).
extern const jobs::Chore kRetention;

// Each list of calendars is read anew about once a day: this looks once an hour for those whose day is over.
extern const jobs::Chore kLists;

// Once a second at most: listeners hear that there are changes (store::announce_changes).
extern const jobs::Chore kAnnouncement;

// Every ten minutes: the node is still there (store::see_node). It counts as live for a day.
extern const jobs::Chore kPresence;

}  // namespace calint::integration
