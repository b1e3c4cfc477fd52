// calint-settings: the user's page, its forms and its static files.
#include "app/serve.h"
#include "httpd/handlers.h"

namespace calint::httpd {

int handle_settings(request_rec* r) { return answer(r, app::serve_settings); }

}  // namespace calint::httpd
