#include "provider/google/google.h"

#include <fmt/format.h>

#include "base/url.h"
#include "support/check.h"
#include "support/jwt.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;
using calint::test::json_answer;
using calint::test::ScriptedTransport;

namespace {

constexpr int64_t kSeconds = 1795597200;
const Instant kNow{std::chrono::seconds(kSeconds)};
const std::string kSamples = CALINT_TEST_DATA "/google/";
const OAuthClient kClient{.client_id = "client", .client_secret = Secret(std::string_view("secret"))};
const CodeExchange kExchange{.code = Secret(std::string_view("4/code")),
                             .code_verifier = Secret(std::string_view("verifier")),
                             .redirect_uri = "https://ats.example.com/calendar/auth/google/callback",
                             .nonce = "nonce"};
const std::string kAllScopes =
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/calendar.freebusy "
    "https://www.googleapis.com/auth/calendar.events openid https://www.googleapis.com/auth/userinfo.email";

std::string id_token(std::string_view issuer = "https://accounts.google.com", std::string_view nonce = "nonce") {
  return test::jwt(fmt::format(
      R"({{"iss":"{}","aud":"client","azp":"client","sub":"1101","email":"avery@example.com","exp":{},"iat":{},"nonce":"{}"}})",
      issuer, kSeconds + 3599, kSeconds, nonce));
}

HttpResponse granted(const std::string& scopes, const std::string& id) {
  const std::string member = id.empty() ? "" : fmt::format(R"(,"id_token":"{}")", id);
  return json_answer(200, fmt::format(R"({{"access_token":"at","refresh_token":"rt","expires_in":3599,)"
                                      R"("token_type":"Bearer","scope":"{}"{}}})",
                                      scopes, member));
}

Result<Grant> exchanged(Result<HttpResponse> answer, google::Options options = {}) {
  ScriptedTransport transport;
  transport.then(std::move(answer));
  return google::make_oauth(std::move(options), transport)->exchange(kClient, kExchange, kNow, Deadline::in(5s));
}

Result<std::vector<Calendar>> listed(ScriptedTransport& transport) {
  auto list = google::make_calendars({}, transport)->list({.token = Secret(std::string_view("at")), .account = {}, .memory = {}}, kNow,
                                               Deadline::in(5s));
  if (!list) return std::move(list).error();
  return std::move(list->calendars);
}

Error cut_off(bool nothing_sent) {
  return {.fault = Fault::unavailable, .what = "cut off", .nothing_sent = nothing_sent};
}

}  // namespace

CALINT_TEST(google_sends_browsers_to_its_consent_page) {
  ScriptedTransport transport;
  const Provider google = google::make_provider({}, transport);
  const auto& oauth = google.oauth;
  CHECK(google.id == ProviderId::google);
  CHECK_EQUAL(oauth->issuer(), "https://accounts.google.com");
  CHECK_EQUAL(google.withdraw_pages.front().url, "https://myaccount.google.com/connections");
  CHECK(has_revocation(google.id));
  CHECK(oauth->refusal("access_denied", "") == Refusal::denied);
  CHECK(oauth->refusal("server_error", "") == Refusal::failed);
  auto url = parse_url(oauth->authorize_url({.client_id = "client",
                                             .redirect_uri = kExchange.redirect_uri,
                                             .state = "state",
                                             .nonce = "nonce",
                                             .code_challenge = "challenge",
                                             .login_hint = ""}));
  CHECK_OK(url);
  CHECK_EQUAL(url->origin() + url->path, "https://accounts.google.com/o/oauth2/v2/auth");
  const auto fields = form_decode(url->query).value();
  CHECK_EQUAL(*single_field(fields, "redirect_uri"), kExchange.redirect_uri);
  CHECK_EQUAL(*single_field(fields, "state"), "state");
  CHECK(transport.requests().empty());
}

CALINT_TEST(an_exchange_brings_tokens_and_who_granted) {
  auto grant = exchanged(granted(kAllScopes, id_token()));
  CHECK_OK(grant);
  CHECK_EQUAL(grant->subject.key, "1101");
  CHECK_EQUAL(grant->subject.account, "avery@example.com");
  CHECK_EQUAL(grant->tokens.access_token.reveal(), "at");
  CHECK_EQUAL(grant->tokens.refresh_token->reveal(), "rt");
  CHECK(grant->tokens.scopes.contains("email"));
  CHECK(grant->missing_scopes.empty());
}

CALINT_TEST(a_partial_consent_names_what_is_missing) {
  const HttpResponse sample = test::sample_response(kSamples + "token-exchange-partial-consent.json");
  std::string body(sample.body.reveal());
  const std::string placeholder = "EXAMPLE.ID.TOKEN";
  body.replace(body.find(placeholder), placeholder.size(), id_token());
  auto grant = exchanged(json_answer(200, body));
  CHECK_OK(grant);
  CHECK(grant->missing_scopes == std::vector<std::string>{"https://www.googleapis.com/auth/calendar.events"});
}

// The tokens stay: whoever doesn't believe the identity has to give the grant up.
CALINT_TEST(a_grant_with_a_bad_id_token_is_marked_and_keeps_its_tokens) {
  struct Case {
    std::string token;
    const char* claimed;
  };
  for (const Case& bad : {Case{"", ""}, Case{"EXAMPLE.ID.TOKEN", ""}, Case{id_token("https://evil.example"), "1101"},
                          Case{id_token("https://accounts.google.com", "other"), "1101"}}) {
    auto grant = exchanged(granted(kAllScopes, bad.token));
    CHECK_OK(grant);
    CHECK(grant->identity_error.has_value());
    CHECK_EQUAL(grant->identity_error->code, "id_token");
    CHECK_EQUAL(grant->subject.key, bad.claimed);
    CHECK_EQUAL(grant->tokens.refresh_token->reveal(), "rt");
  }
}

bool is_believed(const Result<Grant>& grant) { return grant.ok() && !grant->identity_error; }

CALINT_TEST(google_may_write_its_issuer_without_the_scheme) {
  CHECK(is_believed(exchanged(granted(kAllScopes, id_token("accounts.google.com")))));
  CHECK(is_believed(exchanged(granted(kAllScopes, id_token()), {.issuer = ""})));
  CHECK(is_believed(exchanged(granted(kAllScopes, id_token("accounts.google.com")), {.issuer = ""})));
}

CALINT_TEST(a_configured_issuer_replaces_googles) {
  const google::Options options{.issuer = "http://localhost:8000"};
  CHECK(is_believed(exchanged(granted(kAllScopes, id_token("http://localhost:8000")), options)));
  CHECK(!is_believed(exchanged(granted(kAllScopes, id_token()), options)));
  CHECK(!is_believed(exchanged(granted(kAllScopes, id_token("localhost:8000")), options)));
}

CALINT_TEST(a_refused_code_is_bad_input_and_never_a_lost_grant) {
  auto used = exchanged(test::sample_response(kSamples + "token-error-code-used.json"));
  CHECK_FAULT(used, Fault::bad_input);
  CHECK_EQUAL(used.error().code, "invalid_grant");
  CHECK(!used.error().nothing_sent);
  CHECK_FAULT(exchanged(test::sample_response(kSamples + "token-error-malformed-code.json")), Fault::bug);
  CHECK_FAULT(exchanged(test::sample_response(kSamples + "token-error-invalid-client.json")), Fault::operator_fault);
}

CALINT_TEST(an_exchange_says_whether_the_code_left) {
  for (const bool nothing_sent : {true, false}) {
    auto grant = exchanged(cut_off(nothing_sent));
    CHECK_FAULT(grant, Fault::unavailable);
    CHECK(grant.error().nothing_sent == nothing_sent);
  }
}

CALINT_TEST(a_refresh_brings_a_new_access_token) {
  ScriptedTransport transport;
  transport.then(test::sample_response(kSamples + "token-refresh-response.json"));
  auto tokens = google::make_oauth({}, transport)->refresh(kClient, Secret(std::string_view("rt")), kNow, Deadline::in(5s));
  CHECK_OK(tokens);
  CHECK_EQUAL(tokens->access_token.reveal(), "EXAMPLE_ACCESS_TOKEN_5");
  CHECK(!tokens->refresh_token.has_value());
  CHECK(tokens->scopes.contains("email"));
  CHECK_EQUAL(transport.requests().front().url, "https://oauth2.googleapis.com/token");
}

CALINT_TEST(a_refresh_that_is_refused_asks_to_reconnect) {
  for (const auto& [name, code] : {std::pair("token-error-invalid-grant", "invalid_grant"), std::pair("token-error-rapt", "invalid_grant, sign_in_policy")}) {
    ScriptedTransport transport;
    transport.then(test::sample_response(kSamples + name + ".json"));
    auto tokens = google::make_oauth({}, transport)->refresh(kClient, Secret(std::string_view("rt")), kNow, Deadline::in(5s));
    CHECK_FAULT(tokens, Fault::reconnect);
    CHECK_EQUAL(code_of(tokens.error()), code);
  }
}

CALINT_TEST(the_calendar_list_is_read_to_its_last_page) {
  ScriptedTransport transport;
  transport.then(json_answer(200, R"({"items":[{"id":"b","summary":"b"}],"nextPageToken":"p 2"})"));
  transport.then(json_answer(200, R"({"items":[],"nextPageToken":"p3"})"));
  transport.then(json_answer(200, R"({"items":[{"id":"a","summary":"z","primary":true},{"id":"b"}]})"));
  auto calendars = listed(transport);
  CHECK_OK(calendars);
  CHECK(calendars->size() == 2);
  CHECK_EQUAL((*calendars)[0].id, "a");
  CHECK_EQUAL((*calendars)[1].name, "b");
  CHECK(transport.requests().size() == 3);
  for (const HttpRequest& request : transport.requests()) CHECK_EQUAL(request.bearer->reveal(), "at");
  const auto query = form_decode(parse_url(transport.requests()[1].url)->query).value();
  CHECK_EQUAL(*single_field(query, "pageToken"), "p 2");
}

CALINT_TEST(a_page_token_that_comes_again_ends_the_list) {
  ScriptedTransport transport;
  for (int i = 0; i < 3; ++i) transport.then(json_answer(200, R"({"nextPageToken":"same"})"));
  CHECK_FAULT(listed(transport), Fault::corrupt);
  CHECK(transport.requests().size() == 2);
}

CALINT_TEST(a_list_has_at_most_100_pages) {
  ScriptedTransport transport;
  for (int i = 0; i < 101; ++i) transport.then(json_answer(200, fmt::format(R"({{"nextPageToken":"p{}"}})", i)));
  CHECK_FAULT(listed(transport), Fault::corrupt);
  CHECK(transport.requests().size() == 100);
}

CALINT_TEST(a_list_that_breaks_off_is_no_list) {
  ScriptedTransport transport;
  transport.then(json_answer(200, R"({"items":[{"id":"a"}],"nextPageToken":"p2"})"));
  transport.then(cut_off(true));
  auto calendars = listed(transport);
  CHECK_FAULT(calendars, Fault::unavailable);
  // The first page's request did leave.
  CHECK(!calendars.error().nothing_sent);
}

CALINT_TEST(a_refused_access_token_is_told_by_its_code) {
  ScriptedTransport transport;
  transport.then(test::sample_response(kSamples + "error-401.json"));
  auto calendars = listed(transport);
  CHECK_FAULT(calendars, Fault::reconnect);
  CHECK(calendars.error().detail == Detail::refused);
}

CALINT_TEST(a_list_that_is_not_found_says_nothing_about_the_connection) {
  for (const int status : {404, 410, 412}) {
    ScriptedTransport transport;
    transport.then(json_answer(status, "{}"));
    CHECK_FAULT(listed(transport), Fault::unavailable);
  }
}

CALINT_TEST(a_token_is_revoked_by_one_post) {
  ScriptedTransport transport;
  transport.then(test::sample_response(kSamples + "revoke-response-ok.json"));
  const auto oauth = google::make_oauth({.revoke_url = "http://localhost:8000/revoke"}, transport);
  CHECK_OK(oauth->revoke(Secret(std::string_view("a/b")), kNow, Deadline::in(5s)));
  CHECK(transport.requests().size() == 1);
  CHECK_EQUAL(transport.requests().front().url, "http://localhost:8000/revoke");
  CHECK_EQUAL(transport.requests().front().body.reveal(), "token=a%2Fb");
}

CALINT_TEST(a_revocation_without_an_answer_failed) {
  ScriptedTransport transport;
  transport.then(cut_off(false));
  CHECK_FAULT(google::make_oauth({}, transport)->revoke(Secret(std::string_view("t")), kNow, Deadline::in(5s)), Fault::unavailable);
}
