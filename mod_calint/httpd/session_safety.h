// Whether the browser could write the session that CalIntIdentity session:KEY trusts.
#pragma once

#include <optional>
#include <string>

#include "httpd/apache.h"

namespace calint::httpd {

// What makes a session forgeable or impossible, and what to write instead; nullopt where it is neither.
// Reads the configuration tree, so it works only while the configuration is read and in post_config.
//
// mod_session_cookie keeps the whole session in the browser, unsigned unless mod_session_crypto has a
// passphrase. So each SessionCookieName must have a SessionCryptoPassphrase in the same section or in one
// around it: wherever httpd then merges the cookie's name in, it merges the passphrase in too, and no
// directive takes a passphrase back. .htaccess files play no part: the module's URLs are never mapped to
// files. A session without SessionCookieName is kept by a server-side store.
std::optional<std::string> session_weakness(const ap_directive_t* tree);

}  // namespace calint::httpd
