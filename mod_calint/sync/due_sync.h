// A look at a ticked calendar that is due.
#pragma once

#include "jobs/kind.h"

namespace calint::sync {

// What comes of one, with one log line:
//   unchanged          nothing is new there; of level debug
//   read, read_fully   what is new is stored, after a read of changes or of everything
//   compared           everything was named, and what differed from what is stored was read
//   expanded           the window has moved on: due again at once
//   waits              the connection doesn't work, or wasn't validated yet; a validation that works hastens it
//   expired            the grant is dead, as in a refresh
//   no_quota           its OAuth client has no request left: in a while
//   postponed          the calendar can't be read; its busy time stays, with its age, and the page names it
extern const jobs::Kind kSync;

}  // namespace calint::sync
