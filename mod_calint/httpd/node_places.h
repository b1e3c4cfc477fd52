// The count of requests that wait for a provider, in memory that httpd's processes share.
#pragma once

#include "base/result.h"
#include "httpd/apache.h"
#include "runtime/provider_places.h"

namespace calint::httpd {

// In the parent, in post_config. The same memory serves until httpd ends: over a restart, the children of the
// former configuration still count. operator_fault where the system gives no memory.
Status share_places(server_rec* main_server);

// What share_places made; nullptr before it.
ProviderPlaces* node_places();

// A quarter of the workers that the MPM may run at once, at least one: the default of CalIntProviderConcurrency.
unsigned default_concurrency();

// The child_status hook, in the parent: a child that ended, however it did, holds no place any more.
void child_changed(server_rec* s, pid_t pid, ap_generation_t generation, int slot, mpm_child_status status);

}  // namespace calint::httpd
