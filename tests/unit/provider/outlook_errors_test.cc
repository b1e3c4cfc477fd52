#include "provider/outlook/errors.h"

#include <fmt/format.h>

#include "oauth/token_response.h"
#include "provider/outlook/outlook.h"
#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::outlook;
using namespace std::chrono_literals;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
const std::string kSamples = CALINT_TEST_DATA "/microsoft/";

struct SampleRow {
  const char* name;
  Fault fault;
  const char* code;
};

Error token_error(const HttpResponse& response) {
  auto tokens = oauth::parse_token_response(response, kNow, refine_refusal);
  ck_assert_msg(!tokens.ok(), "there were tokens");
  return std::move(tokens).error();
}

HttpResponse token_refusal(int64_t number, std::string_view error = "invalid_grant", int status = 400) {
  return json_answer(status,
                     fmt::format(R"({{"error":"{}","error_description":"AADSTS{}: UNTOLD","error_codes":[{}]}})", error,
                                 number, number));
}

HttpResponse graph_refusal(int status, std::string_view code) {
  return json_answer(status, fmt::format(R"({{"error":{{"code":"{}","message":"UNTOLD"}}}})", code));
}

void check_error(const Error& error, const std::string& name, Fault fault, std::string_view code) {
  const std::string said = code_of(error);
  ck_assert_msg(error.fault == fault, "%s: %s", name.c_str(), std::string(to_string(error.fault)).c_str());
  ck_assert_msg(said == code, "%s: %s", name.c_str(), said.c_str());
  ck_assert_msg(error.what.find("UNTOLD") == std::string::npos, "%s", error.what.c_str());
}

constexpr SampleRow kTokenSamples[] = {
    {"token-error-50076", Fault::reconnect, "invalid_grant, sign_in_policy"},
    {"token-error-501481", Fault::reconnect, "invalid_grant"},
    {"token-error-50173", Fault::reconnect, "invalid_grant"},
    {"token-error-54005", Fault::reconnect, "invalid_grant"},
    {"token-error-65001", Fault::reconnect, "invalid_grant, admin_consent"},
    {"token-error-700016", Fault::operator_fault, "AADSTS700016"},
    {"token-error-7000215", Fault::operator_fault, "AADSTS7000215"},
    {"token-error-7000222", Fault::operator_fault, "AADSTS7000222"},
    {"token-error-70008", Fault::reconnect, "invalid_grant"},
    {"token-error-700082", Fault::reconnect, "invalid_grant"},
    {"token-error-90055", Fault::rate_limited, "temporarily_unavailable"},
};

constexpr SampleRow kGraphSamples[] = {
    {"error-401", Fault::reconnect, "401, refused"},
    {"error-401-claims-challenge", Fault::reconnect, "401, sign_in_policy"},
    {"error-403", Fault::forbidden, "ErrorAccessDenied"},
    {"error-404-item", Fault::gone, "ErrorItemNotFound"},
    {"error-404-mailbox", Fault::forbidden, "MailboxNotEnabledForRESTAPI, no_mailbox"},
    {"error-412", Fault::conflict, "ErrorIrresolvableConflict"},
    {"error-429", Fault::rate_limited, "ApplicationThrottled, own_limit"},
    {"error-503", Fault::unavailable, "ServiceUnavailable"},
    {"delta-error-400-top", Fault::bug, "ErrorInvalidUrlQuery"},
    {"delta-error-410", Fault::resync, "SyncStateNotFound"},
    {"getschedule-error-window", Fault::bug, "ErrorTimeIntervalTooBig"},
    {"subscription-error-404", Fault::gone, "ResourceNotFound"},
    {"subscription-error-validation", Fault::bug, "ValidationError"},
    {"event-create-error-duplicate-transaction", Fault::conflict, "ErrorDuplicateTransactionId"},
};

struct NumberRow {
  std::initializer_list<int64_t> numbers;
  Fault fault;
  const char* code;  // empty: the number
};

// The rows of providers.md, 3.5 that have no sample; each as invalid_grant, which says least.
const NumberRow kNumbers[] = {
    {{65004, 70000, 50057, 50105, 50020, 16000, 1}, Fault::reconnect, "invalid_grant"},
    {{70043, 50072, 50074, 50078, 50079, 50158, 500121, 53000, 53001, 53003, 53011, 530003, 530035},
     Fault::reconnect,
     "invalid_grant, sign_in_policy"},
    {{90093, 90094, 90095, 90099, 900941, 900981}, Fault::reconnect, "invalid_grant, admin_consent"},
    {{700084, 50011, 7000112, 7000218, 70002, 700025, 70011, 50194, 9002332, 900382, 900432, 700005},
     Fault::operator_fault,
     ""},
    {{50196}, Fault::rate_limited, "invalid_grant"},
    {{50033, 90024, 90055}, Fault::unavailable, "invalid_grant"},
};

struct CodeRow {
  int status;
  const char* code;
  Fault fault;
};

// The rows of providers.md, 3.13 that have no sample.
constexpr CodeRow kCodes[] = {
    {403, "Authorization_RequestDenied", Fault::forbidden},
    {404, "ErrorFolderNotFound", Fault::gone},
    {400, "ErrorInvalidRequest", Fault::bug},
    {400, "ErrorPropertyValidationFailure", Fault::bug},
    {400, "errorduplicatetransactionid", Fault::conflict},
    {409, "ErrorIrresolvableConflict", Fault::conflict},
    {410, "anything", Fault::resync},
    {400, "syncStateNotFound", Fault::resync},
    {404, "resyncRequired", Fault::resync},
    {400, "SyncStateInvalid", Fault::resync},
    {400, "resyncChangesApplyDifferences", Fault::resync},
    {429, "TooManyRequests", Fault::rate_limited},
    {503, "activityLimitReached", Fault::rate_limited},
    {500, "InternalServerError", Fault::unavailable},
    {502, "BadGateway", Fault::unavailable},
    {504, "GatewayTimeout", Fault::unavailable},
    {400, "ErrorMailboxStoreUnavailable", Fault::unavailable},
    {400, "ErrorServerBusy", Fault::unavailable},
};

}  // namespace

CALINT_TEST(every_refusal_of_the_token_endpoint_asks_for_its_reaction) {
  for (const SampleRow& row : kTokenSamples)
    check_error(token_error(test::sample_response(kSamples + row.name + ".json")), row.name, row.fault, row.code);
  for (const NumberRow& row : kNumbers)
    for (const int64_t number : row.numbers) {
      const std::string name = fmt::format("AADSTS{}", number);
      check_error(token_error(token_refusal(number)), name, row.fault, *row.code == '\0' ? name : row.code);
    }
}

CALINT_TEST(a_number_that_nobody_knows_leaves_the_word_to_decide) {
  check_error(token_error(token_refusal(1, "invalid_grant")), "a grant", Fault::reconnect, "invalid_grant");
  check_error(token_error(token_refusal(1, "interaction_required")), "a user", Fault::reconnect,
              "interaction_required");
  check_error(token_error(token_refusal(1, "consent_required")), "consent", Fault::reconnect,
              "consent_required, admin_consent");
  for (const char* word :
       {"invalid_client", "unauthorized_client", "invalid_scope", "invalid_request", "invalid_resource"})
    check_error(token_error(token_refusal(1, word)), word, Fault::operator_fault, "AADSTS1");
  check_error(token_error(token_refusal(1, "something_new")), "new", Fault::unavailable, "something_new");
}

CALINT_TEST(a_server_in_trouble_says_nothing_about_a_grant) {
  check_error(token_error(token_refusal(50173, "invalid_grant", 503)), "503", Fault::unavailable, "invalid_grant");
  check_error(token_error(token_refusal(7000222, "invalid_client", 429)), "429", Fault::rate_limited, "invalid_client");
}

CALINT_TEST(numbers_and_traces_are_told_to_the_operator) {
  const Error error = token_error(test::sample_response(kSamples + "token-error-50173.json"));
  CHECK_EQUAL(error.what,
              "the token endpoint answered 400, AADSTS50173, trace id 22222222-3333-4444-8555-666666666666");
  CHECK_EQUAL(api_error(test::sample_response(kSamples + "error-503.json"), kNow).what,
              "Graph answered 503, request id 11111111-2222-4333-8444-555555555555");
  HttpResponse foreign = graph_refusal(500, "x");
  foreign.headers.emplace_back("request-id", "UNTOLD");
  CHECK_EQUAL(api_error(foreign, kNow).what, "Graph answered 500");
}

CALINT_TEST(the_number_may_stand_in_the_description_only) {
  check_error(token_error(json_answer(400, R"({"error":"invalid_grant","error_description":"AADSTS7000222: UNTOLD"})")),
              "description", Fault::operator_fault, "AADSTS7000222");
  for (const char* body : {R"({"error":"invalid_grant","error_codes":["7000222"]})",
                           R"({"error":"invalid_grant","error_codes":{},"error_description":7})",
                           R"({"error":"invalid_grant","error_description":"x AADSTS7000222"})"})
    check_error(token_error(json_answer(400, body)), body, Fault::reconnect, "invalid_grant");
}

CALINT_TEST(a_number_may_be_one_of_several) {
  check_error(
      token_error(json_answer(400, R"({"error":"invalid_grant","error_codes":[1,7000222],"error_description":"x"})")),
      "second", Fault::operator_fault, "AADSTS7000222");
  check_error(token_error(json_answer(400, R"({"error":"interaction_required","suberror":"consent_required"})")),
              "suberror", Fault::reconnect, "interaction_required, admin_consent");
}

CALINT_TEST(a_challenge_may_stand_in_any_header_of_its_name) {
  HttpResponse answer{.status = 401,
                      .headers = {{"www-authenticate", "Bearer realm=\"\""},
                                  {"www-authenticate", "Bearer error=insufficient_claims, claims=\"x\""}}};
  check_error(api_error(answer, kNow), "claims", Fault::reconnect, "401, sign_in_policy");
}

CALINT_TEST(every_error_of_graph_asks_for_its_reaction) {
  for (const SampleRow& row : kGraphSamples)
    check_error(api_error(test::sample_response(kSamples + row.name + ".json"), kNow), row.name, row.fault, row.code);
  for (const CodeRow& row : kCodes) {
    const std::string code = row.fault == Fault::rate_limited ? std::string(row.code) + ", own_limit" : row.code;
    check_error(api_error(graph_refusal(row.status, row.code), kNow), row.code, row.fault, code);
  }
  CHECK_EQUAL(api_error(test::sample_response(kSamples + "error-429.json"), kNow).retry_after, 10s);
  CHECK_EQUAL(api_error(test::sample_response(kSamples + "error-503.json"), kNow).retry_after, 30s);
}

CALINT_TEST(authorization_errors_tell_denial_from_what_an_administrator_must_do) {
  test::ScriptedTransport transport;
  const auto oauth = outlook::make_oauth({}, transport);
  const Json samples = test::read_sample(kSamples + "authorize-responses.json");
  const auto refusal = [&](const char* name) {
    const json_t* answer = json_object_get(samples.get(), name);
    return oauth->refusal(string_member(answer, "error").value(), string_member(answer, "error_description").value());
  };
  CHECK_EQUAL(refusal("user_declined"), Refusal::denied);
  CHECK_EQUAL(refusal("admin_consent_needed"), Refusal::admin_consent);
  CHECK_EQUAL(refusal("interaction_required_after_prompt_none"), Refusal::failed);
  CHECK_EQUAL(oauth->refusal("access_denied", ""), Refusal::denied);
  CHECK_EQUAL(oauth->refusal("consent_required", ""), Refusal::admin_consent);
  CHECK_EQUAL(oauth->refusal("access_denied", "AADSTS90095: x"), Refusal::admin_consent);
  CHECK_EQUAL(oauth->refusal("access_denied", "AADSTS65001: x"), Refusal::admin_consent);
  CHECK_EQUAL(oauth->refusal("access_denied", "AADSTS90093: x"), Refusal::admin_consent);
  CHECK_EQUAL(oauth->refusal("interaction_required", "AADSTS900941: x"), Refusal::admin_consent);
  // Not assigned to the application, blocked by a policy, or a number of next year: not the user's no.
  for (const char* number : {"50105", "53003", "123456789"})
    CHECK_EQUAL(oauth->refusal("access_denied", fmt::format("AADSTS{}: x", number)), Refusal::admin_consent);
  CHECK_EQUAL(oauth->refusal("access_denied", "AADSTS65004: x"), Refusal::denied);
  CHECK_EQUAL(oauth->refusal("access_denied", "the user has denied access"), Refusal::denied);
  CHECK_EQUAL(oauth->refusal("server_error", "see AADSTS90094"), Refusal::failed);
}
