#include "provider/outlook/outlook.h"

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/form.h"
#include "support/check.h"
#include "support/client_key.h"
#include "support/jwt.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;
using calint::test::json_answer;
using calint::test::ScriptedTransport;

namespace {

constexpr int64_t kSeconds = 1800000000;
const Instant kNow{std::chrono::seconds(kSeconds)};
const std::string kSamples = CALINT_TEST_DATA "/microsoft/";
const std::string kWork = "aaaabbbb-0000-cccc-1111-dddd2222eeee/aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb";
const OAuthClient kClient{.client_id = "00001111-aaaa-2222-bbbb-3333cccc4444",
                          .client_secret = Secret(std::string_view("secret"))};
const CodeExchange kExchange{.code = Secret(std::string_view("0.code")),
                             .code_verifier = Secret(std::string_view("verifier")),
                             .redirect_uri = "https://ats.example.com/calendar/auth/outlook/callback",
                             .nonce = "EXAMPLE_NONCE"};

// The id_token of the reference, with some claims changed.
std::string id_token(const char* kind = "work",
                     std::initializer_list<std::pair<const char*, const char*>> changes = {}) {
  const Json sample = test::read_sample(kSamples + "id-token-payload.json");
  json_t* claims = json_object_get(sample.get(), kind);
  for (const auto& [name, value] : changes) json_object_set_new(claims, name, json_string(value));
  const std::unique_ptr<char, decltype(&free)> text(json_dumps(claims, JSON_COMPACT), &free);
  return test::jwt(text.get());
}

// The token answer of the reference, with this id_token.
HttpResponse granted(const std::string& token = id_token()) {
  HttpResponse sample = test::sample_response(kSamples + "token-exchange-response.json");
  std::string body(sample.body.reveal());
  const std::string placeholder = "EXAMPLE.ID.TOKEN";
  body.replace(body.find(placeholder), placeholder.size(), token);
  sample.body = Secret(std::move(body));
  return sample;
}

Result<Grant> exchanged(Result<HttpResponse> answer, outlook::Options options = {}) {
  ScriptedTransport transport;
  transport.then(std::move(answer));
  return outlook::make_oauth(std::move(options), transport)->exchange(kClient, kExchange, kNow, Deadline::in(5s));
}

bool is_believed(const Result<Grant>& grant) { return grant.ok() && !grant->identity_error; }

Result<std::vector<Calendar>> listed(ScriptedTransport& transport) {
  auto list =
      outlook::make_calendars({}, transport)
          ->list({.token = Secret(std::string_view("at")), .account = {}, .memory = {}}, kNow, Deadline::in(5s));
  if (!list) return std::move(list).error();
  return std::move(list->calendars);
}

}  // namespace

CALINT_TEST(outlook_answers_for_itself) {
  ScriptedTransport transport;
  const Provider outlook = outlook::make_provider({}, transport);
  const auto& oauth = outlook.oauth;
  CHECK_EQUAL(outlook.id, ProviderId::outlook);
  CHECK_EQUAL(oauth->issuer(), "");
  CHECK(!has_revocation(outlook.id));
  CHECK_FAULT(oauth->revoke(Secret(std::string_view("t")), kNow, Deadline::in(5s)), Fault::bug);
  CHECK(oauth->authorize_url({}).starts_with("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?"));
  CHECK(transport.requests().empty());
}

CALINT_TEST(where_to_withdraw_depends_on_the_account) {
  ScriptedTransport transport;
  const auto urls = [&](const char* tenant) {
    std::string joined;
    for (const WithdrawPage& one : outlook::make_provider({.tenant = tenant}, transport).withdraw_pages)
      joined += one.url + " ";
    return joined;
  };
  CHECK_EQUAL(urls("common"), "https://myapps.microsoft.com https://account.live.com/consent/Manage ");
  CHECK_EQUAL(urls("consumers"), "https://account.live.com/consent/Manage ");
  CHECK_EQUAL(urls("contoso.example"), "https://myapps.microsoft.com ");
}

CALINT_TEST(an_exchange_at_microsoft_brings_tokens_and_who_granted) {
  auto grant = exchanged(granted());
  CHECK_OK(grant);
  CHECK(is_believed(grant));
  CHECK_EQUAL(grant->subject.key, kWork);
  CHECK_EQUAL(grant->subject.account, "avery@contoso.example");
  CHECK_EQUAL(grant->tokens.access_token.reveal(), "EXAMPLE_ACCESS_TOKEN_1");
  CHECK_EQUAL(grant->tokens.refresh_token->reveal(), "EXAMPLE_REFRESH_TOKEN_1");
  CHECK(grant->missing_scopes.empty());
  CHECK(is_believed(exchanged(granted(id_token("personal")))));
}

CALINT_TEST(an_id_token_that_is_not_for_this_flow_is_marked_and_keeps_its_tokens) {
  for (const std::string& token :
       {id_token("work", {{"iss", "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"}}),
        id_token("work", {{"iss", "https://evil.example/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0"}}),
        id_token("work", {{"tid", "11112222-0000-cccc-1111-dddd2222eeee"}}), id_token("work", {{"aud", "other"}}),
        id_token("work", {{"nonce", "other"}}), id_token("work", {{"oid", "7"}}), id_token("work", {{"tid", ""}})}) {
    auto grant = exchanged(granted(token));
    CHECK_OK(grant);
    CHECK(grant->identity_error.has_value());
    CHECK_EQUAL(grant->identity_error->code, "id_token");
    CHECK_EQUAL(grant->tokens.refresh_token->reveal(), "EXAMPLE_REFRESH_TOKEN_1");
  }
  CHECK_EQUAL(exchanged(granted(id_token("work", {{"nonce", "other"}})))->subject.key, kWork);
  CHECK(!is_believed(exchanged(test::sample_response(kSamples + "token-exchange-response.json"))));
}

CALINT_TEST(only_accounts_of_the_configured_tenant_are_taken) {
  CHECK(is_believed(exchanged(granted(), {.tenant = "organizations"})));
  CHECK(!is_believed(exchanged(granted(id_token("personal")), {.tenant = "organizations"})));
  CHECK(!is_believed(exchanged(granted(), {.tenant = "consumers"})));
  CHECK(!is_believed(exchanged(granted(), {.tenant = "11112222-0000-cccc-1111-dddd2222eeee"})));
}

CALINT_TEST(a_configured_issuer_replaces_the_expected_one) {
  const char* issuer = "https://issuer.example";
  CHECK(is_believed(exchanged(granted(id_token("work", {{"iss", issuer}})), {.issuer = issuer})));
  CHECK(!is_believed(exchanged(granted(), {.issuer = issuer})));
}

CALINT_TEST(the_configured_tenant_is_asked_for_tokens) {
  ScriptedTransport transport;
  transport.then(granted());
  const auto oauth = outlook::make_oauth({.tenant = "contoso.example"}, transport);
  CHECK_OK(oauth->exchange(kClient, kExchange, kNow, Deadline::in(5s)));
  CHECK_EQUAL(transport.requests().front().url, "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token");
  CHECK(oauth->authorize_url({}).starts_with("https://login.microsoftonline.com/contoso.example/"));
}

CALINT_TEST(a_client_with_a_tenant_of_its_own_asks_there_and_takes_its_accounts_only) {
  ScriptedTransport transport;
  transport.then(granted());
  transport.then(test::sample_response(kSamples + "token-refresh-response.json"));
  transport.then(granted());
  const auto oauth = outlook::make_oauth({.tenant = "contoso.example"}, transport);
  OAuthClient client = kClient;
  client.tenant = "organizations";
  CHECK(is_believed(oauth->exchange(client, kExchange, kNow, Deadline::in(5s))));
  CHECK_OK(oauth->refresh(client, Secret(std::string_view("rt")), kNow, Deadline::in(5s)));
  for (const HttpRequest& request : transport.requests())
    CHECK_EQUAL(request.url, "https://login.microsoftonline.com/organizations/oauth2/v2.0/token");
  CHECK(oauth->authorize_url({.tenant = "organizations"})
            .starts_with("https://login.microsoftonline.com/organizations/"));
  client.tenant = "consumers";
  CHECK(!is_believed(oauth->exchange(client, kExchange, kNow, Deadline::in(5s))));
}

CALINT_TEST(a_client_with_a_certificate_signs_for_the_endpoint_it_calls) {
  const test::ClientKey pair = test::client_key();
  const OAuthClient client{.client_id = kClient.client_id,
                           .client_secret = {},
                           .certificate = crypto::CertifiedKey::parse(pair.certificate_pem, pair.key_pem).value()};
  ScriptedTransport transport;
  transport.then(granted());
  transport.then(test::sample_response(kSamples + "token-refresh-response.json"));
  const auto oauth = outlook::make_oauth({.tenant = "organizations"}, transport);
  CHECK_OK(oauth->exchange(client, kExchange, kNow, Deadline::in(5s)));
  CHECK_OK(oauth->refresh(client, Secret(std::string_view("rt")), kNow, Deadline::in(5s)));
  for (const HttpRequest& request : transport.requests()) {
    const auto form = form_decode(request.body.reveal()).value();
    CHECK_EQUAL(count_field(form, "client_secret"), 0);
    const std::string assertion = *single_field(form, "client_assertion");
    const size_t dot = assertion.rfind('.');
    CHECK(test::is_ps256(pair.key.get(), assertion.substr(0, dot), *base64url_decode(assertion.substr(dot + 1))));
    const std::string claims =
        *base64url_decode(assertion.substr(assertion.find('.') + 1, dot - assertion.find('.') - 1));
    CHECK(claims.find("\"https://login.microsoftonline.com/organizations/oauth2/v2.0/token\"") != std::string::npos);
  }
}

CALINT_TEST(a_token_never_follows_a_link_to_somewhere_else) {
  ScriptedTransport transport;
  transport.then(json_answer(200, R"({"value":[],"@odata.nextLink":"https://evil.example/v1.0/me/calendars"})"));
  CHECK_FAULT(listed(transport), Fault::corrupt);
  CHECK_EQUAL(transport.requests().size(), 1);
}

CALINT_TEST(an_account_without_mailbox_is_told_apart) {
  ScriptedTransport transport;
  transport.then(test::sample_response(kSamples + "error-404-mailbox.json"));
  auto calendars = listed(transport);
  CHECK_FAULT(calendars, Fault::forbidden);
  CHECK_EQUAL(calendars.error().detail, Detail::no_mailbox);
}
