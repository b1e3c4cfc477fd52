// The one door to the headers of httpd and APR.
//
// httpd.h defines OK, DECLINED and DONE as macros; they collide with names in C++ code and in other
// libraries. They end here, as constants with the same meaning.
#pragma once

#include <ap_config.h>
#include <ap_expr.h>
#include <ap_mpm.h>
#include <apr_hash.h>
#include <apr_lib.h>
#include <apr_optional.h>
#include <apr_pools.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <apr_tables.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <httpd.h>
#include <mod_session.h>
#include <mod_watchdog.h>
#include <util_filter.h>

namespace calint::httpd {
inline constexpr int kOk = OK;
inline constexpr int kDeclined = DECLINED;
}  // namespace calint::httpd

#undef OK
#undef DECLINED
#undef DONE

// Declares calint_module, and makes the ap_log_* calls of every file speak as module "calint".
APLOG_USE_MODULE(calint);
