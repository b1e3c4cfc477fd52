// calint-auth: starts and ends the connection to a provider.
#include "httpd/answer.h"
#include "httpd/handlers.h"
#include "site/serve.h"

namespace calint::httpd {

int handle_auth(request_rec* r) { return answer(r, site::serve_auth); }

}  // namespace calint::httpd
