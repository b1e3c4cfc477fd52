// oauth/id_token, fed with a token as it is, and with the claims of one.
#include "oauth/id_token.h"

#include "base/encoding.h"
#include "base/json.h"
#include "fuzz.h"
#include "support/jwt.h"

using namespace calint;

namespace {

const oauth::IdTokenChecks kChecks{.issuers = {"https://accounts.google.com", "accounts.google.com"},
                                   .client_id = "client",
                                   .nonce = "nonce"};
constexpr Instant kYear10000 = std::chrono::sys_days(std::chrono::year(10000) / 1 / 1) + std::chrono::minutes(2);

// Whether `aud` is the client's id, or an array with it, to the last byte.
bool has_audience(const Secret& token) {
  const std::string_view text = token.reveal();
  const size_t dot = text.find('.') + 1;
  const Json claims = parse_json_object(base64url_decode(text.substr(dot, text.find('.', dot) - dot)).value());
  const json_t* audience = json_object_get(claims.get(), "aud");
  const Json wanted(json_string(kChecks.client_id.c_str()));
  bool found = json_equal(audience, wanted.get());
  for (size_t i = 0; i < json_array_size(audience); ++i) found |= json_equal(json_array_get(audience, i), wanted.get());
  return found;
}

void check(const Secret& token) {
  const auto subject = oauth::parse_id_token(token, kChecks, fuzz::kNow);
  if (!subject) {
    MUST(subject.error().fault == Fault::corrupt && subject.error().code == "id_token");
    MUST(fuzz::fit_to_log(subject.error()));
    const Secret changed(fuzz::with_other_secret(token.reveal()));
    const auto other = oauth::parse_id_token(changed, kChecks, fuzz::kNow);
    MUST(!other && fuzz::same_words(subject.error(), other.error()));
    return;
  }
  MUST(!subject->key.empty() && subject->key.size() <= 255);
  MUST(subject->key == oauth::claimed(token, "sub"));
  MUST(fuzz::is_clean_text(subject->account, 320));
  MUST(has_audience(token));
  // For one client, one flow, one issuer, and not for ever.
  auto checks = kChecks;
  checks.client_id = "other";
  MUST(!oauth::parse_id_token(token, checks, fuzz::kNow));
  checks = kChecks;
  checks.nonce = "other";
  MUST(!oauth::parse_id_token(token, checks, fuzz::kNow));
  checks = kChecks;
  checks.issuers = {"https://evil.example"};
  MUST(!oauth::parse_id_token(token, checks, fuzz::kNow));
  MUST(!oauth::parse_id_token(token, kChecks, kYear10000));
  MUST(!oauth::parse_id_token(token, kChecks, Instant()));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  check(Secret(input));
  check(Secret(test::jwt(input)));
  MUST(oauth::claimed(Secret(input), "sub").size() <= 255);
  return 0;
}
