// One function per handler, each in the file of its name (handle_auth.cc).
#pragma once

#include "httpd/apache.h"

namespace calint::httpd {

int handle_auth(request_rec* r);
int handle_settings(request_rec* r);
int handle_admin(request_rec* r);
int handle_static(request_rec* r);
int handle_api(request_rec* r);

}  // namespace calint::httpd
