// calint-settings: the user's page and its forms.
#include "httpd/answer.h"
#include "httpd/handlers.h"
#include "site/serve.h"

namespace calint::httpd {

int handle_settings(request_rec* r) { return answer(r, site::serve_settings); }

}  // namespace calint::httpd
