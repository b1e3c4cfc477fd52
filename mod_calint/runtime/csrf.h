// The proof that what a signed-in browser sends was meant by its user.
#pragma once

#include <string>
#include <string_view>

#include "runtime/exchange.h"
#include "runtime/runtime.h"

namespace calint {

// Whose session it is.
struct CsrfSubject {
  const Secret& binding;  // of the httpd session
  const std::string& organization_id;
  const std::string& user_id;
};

// HMAC over the session's binding, the user and the hour; accepted for two hours (contract, section 5).
std::string csrf_token(const Runtime& runtime, const CsrfSubject& subject);
bool is_csrf_token(const Runtime& runtime, const CsrfSubject& subject, std::string_view token);

// bad_input with Detail::csrf where Origin or Sec-Fetch-Site came with a request and say that another site sent it.
Status same_origin(const Runtime& runtime, const Request& request);

}  // namespace calint
