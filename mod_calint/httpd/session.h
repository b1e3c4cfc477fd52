// The httpd session (mod_session), through its optional functions: the module runs without it, too.
#pragma once

#include <optional>
#include <string>

#include "base/secret.h"
#include "httpd/apache.h"

namespace calint::httpd {

// What to do where the session has no usable binding.
enum class Missing {
  make_and_save,          // the browser gets it with this answer
  make_for_this_request,  // one that opens nothing and is not kept
};

// The session's binding: base64url of 256 random bits under the key "calint", the only thing the module keeps
// there. nullopt where this URL has no session, or it couldn't be loaded or saved (logged as CALINT0107).
std::optional<Secret> session_binding(request_rec* r, Missing missing);

// The session's entry; nullopt where it isn't there or empty, or where there is no session.
std::optional<std::string> session_entry(request_rec* r, const std::string& key);

// mod_session neither saves the session at the end of this answer nor renews its cookie.
void leave_session_alone(request_rec* r);

}  // namespace calint::httpd
