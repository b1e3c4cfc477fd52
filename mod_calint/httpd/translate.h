// Makes the module's mounts its own, whatever else maps the same URLs.
#pragma once

#include "httpd/apache.h"

namespace calint::httpd {

// The pre_translate_name and translate_name hooks. Where the URL's <Location> names one of our handlers the
// request is claimed: mod_proxy is told to leave it alone (its "no-proxy" variable), so that "ProxyPass /"
// doesn't swallow it. They decline, so that a Redirect or a RewriteRule, such as the one from http to
// https, works on our URLs as on all others.
int claim(request_rec* r);

// The map_to_storage hook: a claimed URL has no file, so no <Directory> section or .htaccess file applies. A
// RewriteRule with [P] that caught it is undone here.
int map_to_handler(request_rec* r);

// The type_checker hook: a claimed URL has no file type; mod_mime and mod_mime_magic aren't asked.
int skip_type_checkers(request_rec* r);

}  // namespace calint::httpd
