#include "oauth/id_token.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/jwt.h"

using namespace calint;
using namespace calint::oauth;

namespace {

constexpr int64_t kNow = 1795597200;
const Instant kInstant{std::chrono::seconds(kNow)};
const IdTokenChecks kChecks{
    .issuers = {"https://accounts.google.com", "accounts.google.com"}, .client_id = "client", .nonce = "nonce"};

struct Claims {
  std::string iss = R"("https://accounts.google.com")";
  std::string aud = R"("client")";
  std::string exp = std::to_string(kNow + 3599);
  std::string iat = std::to_string(kNow);
  std::string nonce = R"("nonce")";
  std::string sub = R"("110169484474386276334")";
  std::string rest = R"(,"email":"avery@example.com","email_verified":true)";
};

Result<Subject> parsed(const Claims& claims) {
  const std::string payload =
      fmt::format(R"({{"iss":{},"aud":{},"exp":{},"iat":{},"nonce":{},"sub":{}{}}})", claims.iss, claims.aud,
                  claims.exp, claims.iat, claims.nonce, claims.sub, claims.rest);
  return parse_id_token(Secret(test::jwt(payload)), kChecks, kInstant);
}

void check_refused(const Claims& claims) {
  auto subject = parsed(claims);
  CHECK_FAULT(subject, Fault::corrupt);
  CHECK_EQUAL(subject.error().code, "id_token");
}

}  // namespace

CALINT_TEST(an_id_token_says_who_granted) {
  auto subject = parsed({});
  CHECK_OK(subject);
  CHECK_EQUAL(subject->key, "110169484474386276334");
  CHECK_EQUAL(subject->account, "avery@example.com");
}

CALINT_TEST(an_id_token_without_email_still_identifies) {
  auto subject = parsed({.rest = ""});
  CHECK_OK(subject);
  CHECK_EQUAL(subject->account, "");
}

CALINT_TEST(a_name_that_is_half_an_emoji_costs_nobody_their_identity) {
  CHECK_EQUAL(parsed({.rest = R"(,"name":"Party \ud83c","email":"avery@example.com")"})->account, "avery@example.com");
  check_refused({.sub = R"("1101\ud83c")"});
  check_refused({.sub = "\"1101\xff\""});
}

CALINT_TEST(an_email_is_cleaned_for_people_to_read) {
  CHECK_EQUAL(parsed({.rest = R"(,"email":"a\u0007@example.com")"})->account, "a@example.com");
  CHECK_EQUAL(parsed({.rest = ",\"email\":\"" + std::string(5000, 'e') + "\""})->account.size(), 320);
}

CALINT_TEST(an_id_token_of_another_issuer_is_refused) {
  CHECK_OK(parsed({.iss = R"("accounts.google.com")"}));
  for (const char* iss :
       {R"("https://evil.example")", R"("https://accounts.google.com/")", "null", R"(["accounts.google.com"])"})
    check_refused({.iss = iss});
}

CALINT_TEST(an_id_token_for_another_client_is_refused) {
  for (const char* aud : {R"("other")", R"("")", "null", "1", "[]", R"(["other"])", R"([1])", R"(["other","client"])",
                          R"("client\u0000.evil.example")", R"(["client\u0000.evil.example"])"})
    check_refused({.aud = aud});
}

CALINT_TEST(an_id_token_for_several_audiences_must_name_us_as_the_authorized_party) {
  CHECK_OK(parsed({.aud = R"(["client"])"}));
  CHECK_OK(parsed({.aud = R"(["other","client"])", .rest = R"(,"azp":"client")"}));
  check_refused({.aud = R"(["other","client"])", .rest = R"(,"azp":"other")"});
  CHECK_OK(parsed({.rest = R"(,"azp":"client")"}));
  check_refused({.rest = R"(,"azp":"other")"});
}

CALINT_TEST(an_id_token_expires_with_a_minute_of_skew) {
  CHECK_OK(parsed({.exp = std::to_string(kNow - 60)}));
  check_refused({.exp = std::to_string(kNow - 61)});
}

CALINT_TEST(an_id_token_from_the_future_is_refused) {
  CHECK_OK(parsed({.iat = std::to_string(kNow + 60)}));
  check_refused({.iat = std::to_string(kNow + 61)});
}

CALINT_TEST(times_that_are_no_dates_are_refused) {
  for (const char* time : {"null", R"("1795597200")", "1.5", "-1", "9223372036854775807", "-9223372036854775808"}) {
    check_refused({.exp = time});
    check_refused({.iat = time});
  }
}

CALINT_TEST(an_id_token_of_another_flow_is_refused) {
  for (const char* nonce : {R"("other")", R"("nonce2")", R"("")", "null", "1"}) check_refused({.nonce = nonce});
}

CALINT_TEST(an_expected_nonce_is_never_matched_by_a_missing_one) {
  const std::string payload = fmt::format(
      R"({{"iss":"accounts.google.com","aud":"client","exp":{},"iat":{},"sub":"1"}})", kNow + 60, kNow);
  IdTokenChecks checks = kChecks;
  checks.nonce.clear();
  CHECK_FAULT(parse_id_token(Secret(test::jwt(payload)), checks, kInstant), Fault::corrupt);
}

CALINT_TEST(an_id_token_without_a_usable_subject_is_refused) {
  for (const std::string& sub :
       {std::string(R"("")"), std::string("null"), std::string("7"), "\"" + std::string(256, '1') + "\""})
    check_refused({.sub = sub});
}

CALINT_TEST(a_doubled_claim_is_refused) { check_refused({.rest = R"(,"sub":"somebody else")"}); }

CALINT_TEST(what_is_not_a_signed_jwt_is_refused) {
  for (const std::string& token :
       {std::string(), std::string("."), std::string(".."), std::string("a.b"), std::string("EXAMPLE.ID.TOKEN"),
        std::string("a.!.c"), test::jwt("[]"), test::jwt("null"), test::jwt("{}") + ".x.y"}) {
    auto subject = parse_id_token(Secret(std::string_view(token)), kChecks, kInstant);
    CHECK_FAULT(subject, Fault::corrupt);
    CHECK_EQUAL(subject.error().code, "id_token");
  }
}

CALINT_TEST(a_claim_can_be_looked_at_before_it_is_believed) {
  const Secret token(test::jwt(R"({"tid":"t","sub":7,"name":")" + std::string(256, 'n') + R"("})"));
  CHECK_EQUAL(claimed(token, "tid"), "t");
  for (const char* name : {"sub", "name", "oid"}) CHECK_EQUAL(claimed(token, name), "");
  CHECK_EQUAL(claimed(Secret(std::string_view("EXAMPLE.ID.TOKEN")), "tid"), "");
}
