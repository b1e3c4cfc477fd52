// calint-admin: the organisation's page and its forms.
#include "app/serve.h"
#include "httpd/handlers.h"

namespace calint::httpd {

int handle_admin(request_rec* r) { return answer(r, app::serve_admin); }

}  // namespace calint::httpd
