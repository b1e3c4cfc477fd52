// Who is signed in, as CalIntIdentity and CalIntOrganization say.
#pragma once

#include <optional>
#include <string>

#include "httpd/apache.h"
#include "runtime/settings.h"

namespace calint::httpd {

// nullopt where nobody is signed in. r->user is what httpd's authentication set, never a header.
std::optional<std::string> signed_in_login(request_rec* r, const Settings& settings);

// nullopt where CalIntOrganization isn't set, or names nothing in this request.
std::optional<std::string> signed_in_organization(request_rec* r, const Settings& settings);

}  // namespace calint::httpd
