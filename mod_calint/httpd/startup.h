// The start of the server and of each child.
#pragma once

#include <memory>

#include "httpd/config.h"
#include "net/transport.h"

namespace calint::httpd {

// The post_config hook, in the parent, as root: reads the key file, the client secrets and the templates of
// each served configuration; opens no connection and starts no thread. What fails refuses a first start,
// already in the trial pass that httpd makes before it leaves the terminal, so that the administrator sees
// why (ap_state_query tells a restart from it). On a restart it leaves that server without a keyset, so that
// its handlers answer 503, and raises the alarm CALINT0104.
int load_configuration(apr_pool_t* pconf, apr_pool_t* plog, apr_pool_t* ptemp, server_rec* s);

// The child_init hook: makes the runtime of each loaded configuration, without I/O but for the templates. A
// runtime that can't be made leaves its slot empty (CALINT0105): a child never dies of it. The runtimes end
// with `pchild`, once the workers have been joined.
void start_child(apr_pool_t* pchild, server_rec* s);

// A runtime for a configuration that was loaded. `transport` nullptr: one over libcurl. bad_input where a template
// can't be read. `pool` is for the length of the call.
Result<std::unique_ptr<Runtime>> make_runtime(apr_pool_t* pool, const ServerAndConfig& entry,
                                                   std::unique_ptr<Transport> transport);

}  // namespace calint::httpd
