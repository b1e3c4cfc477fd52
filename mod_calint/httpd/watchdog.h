// Background work: when a node does it, and in which of its processes. What it is stands in app/background.h.
//
// mod_watchdog runs a thread in each child; a lock lets one child of the node go on, and another one, 10 s later, when
// that child is gone. httpd doesn't join the thread at a child's end: it may be in the middle of a call while the child
// cleans up. So the thread shares nothing with the requests, and a child's end waits for it.
#pragma once

#include "httpd/config.h"

namespace calint::httpd {

// Whether mod_watchdog is loaded. From check_config on.
bool has_watchdog();

// In the parent, in post_config: asks for background work for this server, whose configuration was loaded. `number`
// tells it from the node's other servers. None where CalIntWorker is off, mod_watchdog isn't loaded (find_problems
// says so) or refuses (CALINT0110).
void plan_background(apr_pool_t* pconf, const ServerAndConfig& entry, unsigned number);

// In child_init: the end of `pchild` waits for this server's background work, at most 5 s. A call to a provider that is
// under way then has 1.5 s to end, and is given up after that; its job stays in the queue.
void end_background_with(apr_pool_t* pchild, const ServerConfig& config);

}  // namespace calint::httpd
