#include "provider/shared/replies.h"

#include <algorithm>

namespace calint::provider {

Json json_body(const HttpResponse& response) {
  return response.media_type() == "application/json" ? parse_json_object(response.body.reveal()) : nullptr;
}

std::string plain_word(std::string_view text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return text.size() <= 64 && std::all_of(text.begin(), text.end(), is_plain) ? std::string(text) : "malformed";
}

Fault fault_of_status(int status) {
  switch (status) {
    case 401: return Fault::reconnect;
    case 403: return Fault::forbidden;
    case 404: return Fault::gone;
    case 408: return Fault::unavailable;
    case 409: return Fault::conflict;
    case 410: return Fault::gone;
    case 412: return Fault::conflict;
    case 429: return Fault::rate_limited;
    default: return status >= 400 && status < 500 ? Fault::bug : Fault::unavailable;
  }
}

Error code_refused(Error error) {
  if (error.fault == Fault::reconnect) error.fault = Fault::bad_input;
  return error;
}

Grant make_grant(oauth::Tokens tokens, Result<oauth::Subject> subject, std::string claimed_key) {
  Grant grant;
  grant.tokens = std::move(tokens);
  if (subject) {
    grant.subject = std::move(*subject);
  } else {
    grant.subject.key = std::move(claimed_key);
    grant.identity_error = std::move(subject).error();
  }
  return grant;
}

}  // namespace calint::provider
