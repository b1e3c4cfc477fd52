// calint-static: the stylesheet and the pictures, for everybody and every cache. Needs no runtime, and touches no
// session: what one browser gets is kept for others.
#include "httpd/handlers.h"
#include "httpd/respond.h"
#include "httpd/session.h"
#include "site/static_file.h"

namespace calint::httpd {

int handle_static(request_rec* r) {
  leave_session_alone(r);
  return respond(r, site::serve_static(r->method, r->uri));
}

}  // namespace calint::httpd
