#include "oauth/id_token.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/json.h"
#include "base/utf8.h"

namespace calint::oauth {
namespace {

constexpr std::chrono::seconds kSkew{60};
constexpr size_t kLongestSubject = 255;  // OpenID Connect Core 1.0, section 2
constexpr size_t kLongestAccount = 320;  // an e-mail address, for people to read

Error wrong(const char* what) {
  return Error{.fault = Fault::corrupt, .what = std::string("the id_token's ") + what, .code = "id_token"};
}

// A NumericDate (RFC 7519, 2); nullopt outside the years 1970 to 9999.
std::optional<Instant> numeric_date(const json_t* claims, const char* name) {
  constexpr int64_t kLast = 253402300799;
  const auto seconds = integer_member(claims, name);
  if (!seconds || *seconds < 0 || *seconds > kLast) return std::nullopt;
  return Instant(std::chrono::seconds(*seconds));
}

bool has_audience(const json_t* claims, const std::string& client_id) {
  const json_t* audience = json_object_get(claims, "aud");
  if (json_is_string(audience)) return string_member(claims, "aud") == client_id;
  if (!json_is_array(audience)) return false;
  const size_t count = json_array_size(audience);
  for (size_t i = 0; i < count; ++i)
    if (string_value(json_array_get(audience, i)) == client_id)
      return count == 1 || string_member(claims, "azp") == client_id;
  return false;
}

// The payload of a JWT (RFC 7519, 3); nullptr where it isn't one.
Json claims_of(std::string_view token) {
  const size_t first = token.find('.');
  const size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) return nullptr;
  const auto payload = base64url_decode(token.substr(first + 1, second - first - 1));
  return payload ? parse_json_object(*payload) : nullptr;
}

// Who somebody is isn't guessed at: one whose text had to be mended (parse_json_object) is nobody.
std::string text_of(const json_t* claims, const char* name) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  const std::string_view text = string_member(claims, name).value_or("");
  const bool is_usable = text.size() <= kLongestSubject && text.find(kReplacement) == std::string_view::npos;
  return is_usable ? std::string(text) : std::string();
}

}  // namespace

std::string claimed(const Secret& id_token, const char* claim) {
  return text_of(claims_of(id_token.reveal()).get(), claim);
}

Result<Subject> parse_id_token(const Secret& id_token, const IdTokenChecks& checks, Instant now) {
  const Json claims = claims_of(id_token.reveal());
  if (!claims) return wrong("form isn't that of a JWT with claims");

  const auto issuer = string_member(claims.get(), "iss");
  if (!issuer || std::find(checks.issuers.begin(), checks.issuers.end(), *issuer) == checks.issuers.end())
    return wrong("issuer is another one");
  if (!has_audience(claims.get(), checks.client_id)) return wrong("audience is another client");
  if (string_member(claims.get(), "azp").value_or(checks.client_id) != checks.client_id)
    return wrong("authorized party is another client");
  const auto expires = numeric_date(claims.get(), "exp");
  if (!expires || *expires + kSkew < now) return wrong("time is over");
  const auto issued = numeric_date(claims.get(), "iat");
  if (!issued || *issued > now + kSkew) return wrong("time is in the future");
  const auto nonce = string_member(claims.get(), "nonce");
  if (!nonce || !constant_time_equal(*nonce, checks.nonce)) return wrong("nonce is of another flow");
  const std::string subject = text_of(claims.get(), "sub");
  if (subject.empty()) return wrong("subject is missing");
  return Subject{.key = subject,
                 .account = clean_utf8(string_member(claims.get(), "email").value_or(""), kLongestAccount)};
}

}  // namespace calint::oauth
