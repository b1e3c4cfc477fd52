// Who is signed in, as CalIntIdentity and CalIntOrganization say.
#pragma once

#include <optional>

#include "httpd/apache.h"
#include "runtime/settings.h"
#include "store/users.h"

namespace calint::httpd {

// nullopt where nobody is signed in. r->user is what httpd's authentication set, never a header. Where
// CalIntOrganization is configured and this request has none or an empty one, the login may be another organisation's:
// nobody is signed in then either, and the log (CALINT0211) names the entry.
std::optional<store::Login> signed_in(request_rec* r, const Settings& settings);

}  // namespace calint::httpd
