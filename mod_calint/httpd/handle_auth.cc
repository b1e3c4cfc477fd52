// calint-auth: starts and ends the connection to a provider.
#include "app/serve.h"
#include "httpd/handlers.h"

namespace calint::httpd {

int handle_auth(request_rec* r) { return answer(r, app::serve_auth); }

}  // namespace calint::httpd
