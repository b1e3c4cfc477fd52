// What the processes of a node share of what is scarce: calls to providers and database connections.
#pragma once

#include "base/node_slots.h"
#include "base/result.h"
#include "httpd/apache.h"
#include "postgres/node_limits.h"

namespace calint::httpd {

struct NodeShares {
  NodeSlots providers;  // calls under way
  NodeSlots held_back;  // requests whose answer waits for something to happen
  postgres::NodeLimits database;
};

// In the parent, in post_config. The same memory serves until httpd ends: over a restart, the children of the
// former configuration still count. operator_fault where the system gives no memory.
Status share_node(server_rec* main_server);

// What share_node made; nullptr before it.
NodeShares* node_shares();

// A quarter of the workers that the MPM may run at once, at least one: the default of CalIntProviderConcurrency, and
// how many may wait for the database.
unsigned quarter_of_workers();
// A tenth of them, at least one: how many may be held back until there is something to answer.
unsigned tenth_of_workers();

// The child_status hook, in the parent: a child that ended, however it did, holds no share any more.
void child_changed(server_rec* s, pid_t pid, ap_generation_t generation, int slot, mpm_child_status status);

}  // namespace calint::httpd
