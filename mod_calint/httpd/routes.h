// Which handler name leads where.
#pragma once

#include "httpd/apache.h"

namespace calint::httpd {

struct Route {
  const char* handler;  // as in SetHandler
  int (*serve)(request_rec*);
};

// nullptr for a name that isn't ours, and for nullptr.
const Route* find_route(const char* handler);

// The handler hook.
int handle(request_rec* r);

}  // namespace calint::httpd
