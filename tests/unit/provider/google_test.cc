#include "provider/google/google.h"

#include <fmt/format.h>

#include "base/form.h"
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

}  // namespace

CALINT_TEST(google_sends_browsers_to_its_consent_page) {
  ScriptedTransport transport;
  const Provider google = google::make_provider({}, transport);
  const auto& oauth = google.oauth;
  CHECK_EQUAL(google.id, ProviderId::google);
  CHECK_EQUAL(oauth->issuer(), "https://accounts.google.com");
  CHECK_EQUAL(google.withdraw_pages.front().url, "https://myaccount.google.com/connections");
  CHECK(has_revocation(google.id));
  CHECK_EQUAL(oauth->refusal("access_denied", ""), Refusal::denied);
  CHECK_EQUAL(oauth->refusal("server_error", ""), Refusal::failed);
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
  CHECK_EQUAL(grant->missing_scopes, std::vector<std::string>{"https://www.googleapis.com/auth/calendar.events"});
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

CALINT_TEST(a_token_is_revoked_by_one_post) {
  ScriptedTransport transport;
  transport.then(test::sample_response(kSamples + "revoke-response-ok.json"));
  const auto oauth = google::make_oauth({.revoke_url = "http://localhost:8000/revoke"}, transport);
  CHECK_OK(oauth->revoke(Secret(std::string_view("a/b")), kNow, Deadline::in(5s)));
  CHECK_EQUAL(transport.requests().size(), 1);
  CHECK_EQUAL(transport.requests().front().url, "http://localhost:8000/revoke");
  CHECK_EQUAL(transport.requests().front().body.reveal(), "token=a%2Fb");
}

CALINT_TEST(a_revocation_without_an_answer_failed) {
  ScriptedTransport transport;
  transport.then(Error{.fault = Fault::unavailable, .what = "cut off"});
  CHECK_FAULT(google::make_oauth({}, transport)->revoke(Secret(std::string_view("t")), kNow, Deadline::in(5s)),
              Fault::unavailable);
}
