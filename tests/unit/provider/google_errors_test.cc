#include "provider/google/errors.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::google;
using namespace std::chrono_literals;
using calint::test::json_answer;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};
const std::string kSamples = CALINT_TEST_DATA "/google/";

HttpResponse refusal(int status, std::string_view reason) {
  return json_answer(
      status,
      fmt::format(R"({{"error":{{"code":{},"message":"UNTOLD","errors":[{{"domain":"global","reason":"{}"}}]}}}})",
                  status, reason));
}

void check_fault(const HttpResponse& response, Fault fault, std::string_view code) {
  const Error error = api_error(response, kNow);
  ck_assert_msg(error.fault == fault, "%d %s: %s", response.status, std::string(code).c_str(),
                std::string(to_string(error.fault)).c_str());
  CHECK_EQUAL(code_of(error), code);
  CHECK_EQUAL(error.what.find("UNTOLD"), std::string::npos);
}

struct SampleRow {
  const char* name;
  Fault fault;
  const char* code;
};

constexpr SampleRow kSampleRows[] = {
    {"error-400-time-range", Fault::bug, "timeRangeTooLong"},
    {"error-400-timerange-empty", Fault::bug, "timeRangeEmpty"},
    {"error-401", Fault::reconnect, "401, refused"},
    {"error-403-user-rate-limit", Fault::rate_limited, "userRateLimitExceeded, own_limit"},
    {"error-403-rate-limit", Fault::rate_limited, "rateLimitExceeded"},
    {"error-403-calendar-usage", Fault::rate_limited, "quotaExceeded, own_limit"},
    {"error-403-insufficient-scope", Fault::reconnect, "insufficientPermissions"},
    {"error-403-non-organizer", Fault::forbidden, "forbiddenForNonOrganizer"},
    {"error-404", Fault::gone, "notFound"},
    {"error-409-duplicate", Fault::conflict, "duplicate"},
    {"error-410-deleted", Fault::gone, "deleted"},
    {"error-410-full-sync", Fault::resync, "fullSyncRequired"},
    {"error-410-updated-min", Fault::resync, "updatedMinTooLongAgo"},
    {"error-412", Fault::conflict, "conditionNotMet"},
    {"error-429-rate-limit", Fault::rate_limited, "rateLimitExceeded"},
    {"error-500", Fault::unavailable, "backendError"},
};

struct Row {
  int status;
  const char* reason;
  Fault fault;
};

// The rows of providers.md, 2.13 that have no sample.
constexpr Row kRows[] = {
    {400, "badRequest", Fault::bug},
    {400, "invalidParameter", Fault::bug},
    {403, "dailyLimitExceeded", Fault::operator_fault},
    {403, "accessNotConfigured", Fault::operator_fault},
    {403, "forbidden", Fault::forbidden},
    {403, "requiredAccessLevel", Fault::forbidden},
    {403, "aNewReason", Fault::forbidden},
    {409, "conflict", Fault::unavailable},
    {502, "backendError", Fault::unavailable},
    {503, "backendError", Fault::unavailable},
    {504, "backendError", Fault::unavailable},
    {500, "insufficientPermissions", Fault::unavailable},
};

Status revoked(int status, std::string_view body) { return parse_revocation(json_answer(status, body), kNow); }

}  // namespace

CALINT_TEST(every_api_error_asks_for_its_reaction) {
  for (const SampleRow& row : kSampleRows)
    check_fault(test::sample_response(kSamples + row.name + ".json"), row.fault, row.code);
  for (const Row& row : kRows) check_fault(refusal(row.status, row.reason), row.fault, row.reason);
}

CALINT_TEST(a_refused_access_token_is_known_by_its_status) {
  check_fault(refusal(401, "somethingElse"), Fault::reconnect, "401, refused");
  check_fault({.status = 401, .headers = {}, .body = {}}, Fault::reconnect, "401, refused");
}

CALINT_TEST(a_reason_in_the_details_counts_where_there_is_no_other) {
  check_fault(json_answer(403, R"({"error":{"code":403,"details":[{},{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}})"),
              Fault::reconnect, "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
}

CALINT_TEST(the_reason_that_is_known_counts_wherever_it_stands) {
  const auto denied = [](std::string_view errors, std::string_view reason) {
    return json_answer(403, fmt::format(R"({{"error":{{"code":403,"status":"PERMISSION_DENIED",{}"details":[
        {{"@type":"type.googleapis.com/google.rpc.Help","links":[]}},
        {{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"{}",
          "metadata":{{"service":"calendar-json.googleapis.com"}}}}]}}}})",
                                        errors, reason));
  };
  for (const char* reason : {"SERVICE_DISABLED", "BILLING_DISABLED", "CONSUMER_INVALID", "CONSUMER_SUSPENDED",
                             "USER_PROJECT_DENIED", "API_KEY_SERVICE_BLOCKED"})
    check_fault(denied("", reason), Fault::operator_fault, reason);
  check_fault(denied("", "RATE_LIMIT_EXCEEDED"), Fault::rate_limited, "RATE_LIMIT_EXCEEDED");
  check_fault(denied(R"("errors":[{"reason":"forbidden"}],)", "SERVICE_DISABLED"), Fault::operator_fault,
              "SERVICE_DISABLED");
  check_fault(denied("", "SOMETHING_NEW"), Fault::forbidden, "SOMETHING_NEW");
  check_fault(json_answer(403, R"({"error":{"errors":[{"reason":"aNewReason"},{"reason":"rateLimitExceeded"}]}})"),
              Fault::rate_limited, "rateLimitExceeded");
  check_fault(refusal(403, "userRateLimitExceededUnreg"), Fault::rate_limited, "userRateLimitExceededUnreg, own_limit");
}

CALINT_TEST(insufficient_scope_is_known_by_its_header_too) {
  HttpResponse response = json_answer(403, "{}");
  response.headers.emplace_back("www-authenticate", R"(Basic realm="x")");
  response.headers.emplace_back("www-authenticate", R"(Bearer realm="x", error="insufficient_scope")");
  check_fault(response, Fault::reconnect, "");
}

CALINT_TEST(an_error_of_another_shape_is_judged_by_its_status) {
  for (const char* body :
       {"{}", R"({"error":"UNTOLD"})", R"({"error":{"errors":[]}})", R"({"error":{"errors":{"reason":"x"}}})"})
    check_fault(json_answer(404, body), Fault::gone, "");
  check_fault(refusal(404, "UNTOLD reason"), Fault::gone, "malformed");
}

CALINT_TEST(used_up_quota_waits_for_an_hour_at_least) {
  CHECK_EQUAL(api_error(refusal(403, "quotaExceeded"), kNow).retry_after, 1h);
  CHECK_EQUAL(api_error(refusal(403, "rateLimitExceeded"), kNow).retry_after, 0s);
  HttpResponse response = refusal(429, "rateLimitExceeded");
  response.headers.emplace_back("retry-after", "30");
  CHECK_EQUAL(api_error(response, kNow).retry_after, 30s);
}

CALINT_TEST(a_dead_token_counts_as_revoked) {
  CHECK_OK(parse_revocation(test::sample_response(kSamples + "revoke-response-ok.json"), kNow));
  CHECK_OK(parse_revocation(test::sample_response(kSamples + "revoke-error-already.json"), kNow));
}

CALINT_TEST(a_revocation_that_failed_is_not_taken_for_done) {
  CHECK_FAULT(revoked(500, R"({"error":"invalid_token"})"), Fault::unavailable);
  CHECK_FAULT(revoked(503, "{}"), Fault::unavailable);
  CHECK_FAULT(revoked(429, "{}"), Fault::rate_limited);
  CHECK_FAULT(revoked(401, R"({"error":"invalid_client"})"), Fault::operator_fault);
  CHECK_FAULT(revoked(400, R"({"error":"invalid_request"})"), Fault::bug);
  CHECK_FAULT(revoked(400, R"({"error":"something_new"})"), Fault::unavailable);
  CHECK_FAULT(revoked(302, ""), Fault::unavailable);
  HttpResponse page = json_answer(400, R"({"error":"invalid_token"})");
  page.headers = {{"content-type", "text/html"}, {"retry-after", "7"}};
  auto status = parse_revocation(page, kNow);
  CHECK_FAULT(status, Fault::unavailable);
  CHECK_EQUAL(status.error().retry_after, 7s);
}
