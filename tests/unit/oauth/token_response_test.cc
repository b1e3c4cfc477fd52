#include "oauth/token_response.h"

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::oauth;
using namespace std::chrono_literals;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
const std::string kSamples = CALINT_TEST_DATA "/google/";

Result<Tokens> of_sample(const std::string& name) {
  return parse_token_response(test::sample_response(kSamples + name + ".json"), kNow);
}

Result<Tokens> of_json(std::string_view body, int status = 200) {
  return parse_token_response(json_answer(status, body), kNow);
}

// A usable answer with members in place of expires_in and after it.
Result<Tokens> with(const std::string& members) {
  return of_json(R"({"access_token":"at","token_type":"Bearer")" + members + "}");
}

struct Refusal {
  const char* what;  // a sample, or the body
  int status;        // 0: a sample
  Fault fault;
  const char* code;
};

// The table of providers.md, 2.4.
constexpr Refusal kRefusals[] = {
    {"token-error-invalid-grant", 0, Fault::reconnect, "invalid_grant"},
    {"token-error-code-used", 0, Fault::reconnect, "invalid_grant"},
    {"token-error-malformed-code", 0, Fault::bug, "invalid_grant"},
    {"token-error-rapt", 0, Fault::reconnect, "invalid_grant, sign_in_policy"},
    {R"({"error":"invalid_grant","error_subtype":"rapt_required"})", 400, Fault::reconnect,
     "invalid_grant, sign_in_policy"},
    {"token-error-invalid-client", 0, Fault::operator_fault, "invalid_client"},
    {R"({"error":"invalid_client","error_description":"Unauthorized"})", 401, Fault::operator_fault, "invalid_client"},
    {"token-error-redirect-uri-mismatch", 0, Fault::operator_fault, "redirect_uri_mismatch"},
    {R"({"error":"unauthorized_client"})", 400, Fault::operator_fault, "unauthorized_client"},
    {R"({"error":"invalid_request"})", 400, Fault::operator_fault, "invalid_request"},
    {R"({"error":"unsupported_grant_type"})", 400, Fault::operator_fault, "unsupported_grant_type"},
    {R"({"error":"admin_policy_enforced"})", 403, Fault::reconnect, "admin_policy_enforced"},
    {R"({"error":"org_internal"})", 403, Fault::reconnect, "org_internal"},
    {R"({"error":"rate_limit_exceeded"})", 429, Fault::rate_limited, "rate_limit_exceeded"},
    {R"({"error":"internal_failure"})", 500, Fault::unavailable, "internal_failure"},
    {R"({"error":"invalid_grant"})", 503, Fault::unavailable, "invalid_grant"},
    {"token-error-html", 0, Fault::unavailable, ""},
    {R"({"error":"something_new"})", 400, Fault::unavailable, "something_new"},
};

}  // namespace

CALINT_TEST(every_refusal_asks_for_its_reaction) {
  for (const Refusal& refusal : kRefusals) {
    auto tokens = refusal.status == 0 ? of_sample(refusal.what) : of_json(refusal.what, refusal.status);
    ck_assert_msg(!tokens.ok(), "%s was accepted", refusal.what);
    ck_assert_msg(tokens.error().fault == refusal.fault, "%s: %s", refusal.what,
                  std::string(to_string(tokens.error().fault)).c_str());
    CHECK_EQUAL(code_of(tokens.error()), refusal.code);
    CHECK(!tokens.error().nothing_sent);
  }
}

CALINT_TEST(a_refusal_that_is_not_json_is_no_refusal) {
  for (const int status : {400, 401, 403, 404, 502}) {
    HttpResponse response = json_answer(status, R"({"error":"invalid_grant"})");
    response.headers = {{"content-type", "text/html"}};
    auto tokens = parse_token_response(response, kNow);
    CHECK_FAULT(tokens, Fault::unavailable);
    CHECK_EQUAL(tokens.error().code, "");
  }
  CHECK_FAULT(of_json("<html>", 400), Fault::unavailable);
}

CALINT_TEST(retry_after_is_passed_on) {
  HttpResponse response = json_answer(429, "{}");
  response.headers.emplace_back("retry-after", "120");
  CHECK_EQUAL(parse_token_response(response, kNow).error().retry_after, 120s);
}

CALINT_TEST(an_error_code_is_a_plain_word_or_nothing_of_it_is_kept) {
  for (const std::string& word :
       {std::string("Invalid"), std::string("a b"), std::string("a\\n"), std::string("a1"), std::string(65, 'a')})
    CHECK_EQUAL(of_json("{\"error\":\"" + word + "\"}", 400).error().code, "malformed");
  CHECK_EQUAL(of_json("{\"error\":\"" + std::string(64, 'a') + "\"}", 400).error().code, std::string(64, 'a'));
  CHECK_EQUAL(of_json(R"({"error":{"code":400}})", 400).error().code, "");
}

CALINT_TEST(errors_hold_no_text_of_the_answer) {
  const Error refused =
      of_json(R"({"error":"UNTOLD","error_description":"UNTOLD","error_subtype":"UNTOLD"})", 400).error();
  const Error unusable = of_json(R"({"access_token":"UNTOLD","token_type":"UNTOLD"})").error();
  for (const Error* error : {&refused, &unusable}) {
    CHECK_EQUAL(error->what.find("UNTOLD"), std::string::npos);
    CHECK_EQUAL(error->code.find("UNTOLD"), std::string::npos);
  }
}

CALINT_TEST(an_exchange_brings_tokens_scopes_and_an_id_token) {
  auto tokens = of_sample("token-exchange-response");
  CHECK_OK(tokens);
  CHECK_EQUAL(tokens->access_token.reveal(), "EXAMPLE_ACCESS_TOKEN_1");
  CHECK(tokens->refresh_token.has_value());
  CHECK_EQUAL(tokens->refresh_token->reveal(), "EXAMPLE_REFRESH_TOKEN_1");
  CHECK_EQUAL(tokens->id_token.reveal(), "EXAMPLE.ID.TOKEN");
  CHECK_EQUAL(tokens->expires_at, kNow + 3599s);
  CHECK_EQUAL(tokens->scopes.size(), 5);
  CHECK(tokens->scopes.contains("openid"));
}

CALINT_TEST(a_refresh_token_may_be_missing) {
  for (const char* name : {"token-refresh-response", "token-exchange-no-refresh-token"}) {
    auto tokens = of_sample(name);
    CHECK_OK(tokens);
    CHECK(!tokens->refresh_token.has_value());
    CHECK(tokens->id_token.empty());
  }
}

CALINT_TEST(members_that_are_not_known_are_ignored) {
  auto tokens = of_sample("token-exchange-time-limited");
  CHECK_OK(tokens);
  CHECK_EQUAL(tokens->refresh_token->reveal(), "EXAMPLE_REFRESH_TOKEN_3");
}

CALINT_TEST(a_lifetime_is_between_a_second_and_30_days) {
  CHECK_EQUAL(with("")->expires_at, kNow + 3600s);
  CHECK_EQUAL(with(R"(,"expires_in":3599)")->expires_at, kNow + 3599s);
  CHECK_EQUAL(with(R"(,"expires_in":"3599")")->expires_at, kNow + 3599s);
  CHECK_EQUAL(with(R"(,"expires_in":0)")->expires_at, kNow + 1s);
  CHECK_EQUAL(with(R"(,"expires_in":9223372036854775807)")->expires_at, kNow + 30 * 24h);
  for (const char* odd :
       {"null", "-1", "1.5", "true", R"("")", R"("1h")", R"(" 1")", R"("99999999999999999999")", "[3599]"})
    CHECK_FAULT(with(std::string(",\"expires_in\":") + odd), Fault::corrupt);
}

CALINT_TEST(the_token_type_is_bearer_in_any_case) {
  for (const char* type : {"Bearer", "bearer", "BEARER"})
    CHECK_OK(of_json(std::string(R"({"access_token":"at","token_type":")") + type + "\"}"));
  for (const char* type : {R"("mac")", R"("Bearer ")", R"("")", "null", "1"})
    CHECK_FAULT(of_json(std::string(R"({"access_token":"at","token_type":)") + type + "}"), Fault::corrupt);
  CHECK_FAULT(of_json(R"({"access_token":"at"})"), Fault::corrupt);
}

CALINT_TEST(a_token_is_1_to_16384_printable_ascii_characters) {
  const auto with_token = [](const std::string& token) {
    return of_json("{\"token_type\":\"Bearer\",\"access_token\":" + token + "}");
  };
  CHECK_OK(with_token("\"" + std::string(16384, 't') + "\""));
  for (const std::string& token :
       {"\"" + std::string(16385, 't') + "\"", std::string(R"("")"), std::string("null"), std::string("1"),
        std::string(R"("a b")"), std::string(R"("a\r\nb")"), std::string(R"("\u00e4")")})
    CHECK_FAULT(with_token(token), Fault::corrupt);
}

CALINT_TEST(optional_members_are_right_where_they_are_there) {
  for (const char* name : {"refresh_token", "id_token", "scope"})
    for (const char* value : {"null", "1", R"("")", "[]"})
      CHECK_FAULT(with(std::string(",\"") + name + "\":" + value), Fault::corrupt);
}

CALINT_TEST(scopes_are_split_at_blanks_and_counted_once) {
  auto tokens = with(R"(,"scope":" b  a b ")");
  CHECK_OK(tokens);
  CHECK_EQUAL(tokens->scopes, (std::set<std::string>{"a", "b"}));
  CHECK(with("")->scopes.empty());
}

CALINT_TEST(an_answer_that_is_not_one_json_object_is_refused) {
  for (const char* body : {"", "[]", "null", "{", R"({"access_token":"at","token_type":"Bearer"} x)",
                           R"({"access_token":"a","access_token":"b","token_type":"Bearer"})"})
    CHECK_FAULT(of_json(body), Fault::corrupt);
  HttpResponse page = json_answer(200, R"({"access_token":"at","token_type":"Bearer"})");
  page.headers = {{"content-type", "text/html"}};
  CHECK_FAULT(parse_token_response(page, kNow), Fault::unavailable);
}

CALINT_TEST(scopes_are_of_16_kilobytes_at_most) {
  std::string scopes;
  for (int i = 0; i < 4000; ++i) scopes += "s" + std::to_string(i) + " ";
  CHECK_FAULT(with(R"(,"scope":")" + scopes + "\""), Fault::corrupt);
  CHECK_OK(with(R"(,"scope":")" + scopes.substr(0, 16'000) + "\""));
}
