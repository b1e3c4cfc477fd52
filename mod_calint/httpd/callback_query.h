// Keeps the authorization code and the state of a callback out of everything that httpd shows: access log
// (%r, %q), mod_status, ErrorDocument, and the environment of other handlers.
#pragma once

#include "httpd/apache.h"

namespace calint::httpd {

// The post_read_request hook, for /calendar/auth/{provider}/callback in any spelling that httpd would route
// there: moves the query into the request's state and overwrites it where httpd keeps it (args, parsed_uri,
// unparsed_uri, the_request). Runs before any other module logs. Servers without directives are left alone.
int take_callback_query(request_rec* r);

// The insert_error_filter hook: httpd sends, shows and logs an error also for a request that it refused
// before post_read_request (too long a line, too large or broken a header).
void hide_callback_query(request_rec* r);

}  // namespace calint::httpd
