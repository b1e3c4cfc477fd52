// calint-admin: the organisation's page and its forms.
#include "httpd/answer.h"
#include "httpd/handlers.h"
#include "site/serve.h"

namespace calint::httpd {

int handle_admin(request_rec* r) { return answer(r, site::serve_admin); }

}  // namespace calint::httpd
