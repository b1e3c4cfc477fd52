#include "runtime/csrf.h"

#include "base/encoding.h"
#include "crypto/digest.h"

namespace calint {
namespace {

std::string token_for_hour(const Runtime& runtime, const CsrfSubject& subject, int64_t hour) {
  return base64url_encode(crypto::hmac_sha256_parts(
      runtime.keyset().index_key().reveal(),
      {"csrf", subject.binding.reveal(), subject.organization_id, subject.user_id, std::to_string(hour)}));
}

int64_t hour_of(Instant now) {
  return std::chrono::floor<std::chrono::hours>(now).time_since_epoch().count();
}

Error refused(const char* why) { return Error{.fault = Fault::bad_input, .what = why, .detail = Detail::csrf}; }

}  // namespace

std::string csrf_token(const Runtime& runtime, const CsrfSubject& subject) {
  return token_for_hour(runtime, subject, hour_of(runtime.now()));
}

bool is_csrf_token(const Runtime& runtime, const CsrfSubject& subject, std::string_view token) {
  const int64_t hour = hour_of(runtime.now());
  return constant_time_equal(token, token_for_hour(runtime, subject, hour)) ||
         constant_time_equal(token, token_for_hour(runtime, subject, hour - 1));
}

Status same_origin(const Runtime& runtime, const Request& request) {
  const auto& public_url = runtime.settings().public_url;
  if (!request.origin.empty() && (!public_url || request.origin != public_url->origin()))
    return refused("a form came from another origin");
  if (!request.sec_fetch_site.empty() && request.sec_fetch_site != "same-origin")
    return refused("a form came from another site");
  return {};
}

}  // namespace calint
