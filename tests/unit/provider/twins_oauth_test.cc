// What is said of OAuth at Google and at Microsoft alike: requests are those of the reference, and what an answer to
// them asks for.
#include <map>

#include "base/form.h"
#include "base/url.h"
#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"
#include "twins.h"

using namespace calint;
using namespace std::chrono_literals;
using calint::test::kTwinsNow;
using calint::test::ScriptedTransport;
using calint::test::Twin;
using calint::test::twins;

namespace {

void check_form(const Twin& twin, const Secret& form, const std::string& sample) {
  const Json read = test::read_sample(twin.samples + sample);
  const auto wanted = test::fields_of(json_object_get(json_object_get(read.get(), "request"), "form"));
  CHECK_EQUAL(form_encode(test::sorted(form_decode(form.reveal()).value())), form_encode(wanted));
}

Result<Grant> exchanged(const Twin& twin, Result<HttpResponse> answer) {
  ScriptedTransport transport;
  transport.then(std::move(answer));
  return twin.oauth(transport)->exchange(twin.client, twin.exchange, kTwinsNow, Deadline::in(5s));
}

Result<oauth::Tokens> refreshed(const Twin& twin, const std::string& sample) {
  ScriptedTransport transport;
  transport.then(test::sample_response(twin.samples + sample + ".json"));
  auto tokens =
      twin.oauth(transport)->refresh(twin.client, Secret(std::string_view("rt")), kTwinsNow, Deadline::in(5s));
  CHECK_EQUAL(transport.requests().front().url, twin.token_url);
  return tokens;
}

struct Refused {
  const char* sample;
  Fault fault;
  std::string code;
};

}  // namespace

CALINT_TEST(the_authorization_request_is_that_of_the_reference) {
  for (const Twin& twin : twins()) {
    const Json sample = test::read_sample(twin.samples + "authorize-request.json");
    ScriptedTransport transport;
    const auto url = parse_url(
        twin.oauth(transport)->authorize_url({.client_id = twin.client.client_id,
                                              .redirect_uri = twin.exchange.redirect_uri,
                                              .state = "EXAMPLE-STATE",
                                              .nonce = "EXAMPLE-NONCE",
                                              .code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                                              .login_hint = twin.email}));
    CHECK_OK(url);
    CHECK_EQUAL(url->origin() + url->path, string_member(sample.get(), "url").value());
    std::vector<FormField> fields = form_decode(url->query).value();
    CHECK_EQUAL(*single_field(fields, "nonce"), "EXAMPLE-NONCE");
    std::erase_if(fields, [](const FormField& field) { return field.first == "nonce"; });
    CHECK_EQUAL(form_encode(test::sorted(std::move(fields))),
                form_encode(test::fields_of(json_object_get(sample.get(), "query"))));
    CHECK(transport.requests().empty());
  }
}

CALINT_TEST(without_a_login_hint_the_provider_asks_for_the_account) {
  for (const Twin& twin : twins())
    CHECK_OF(twin, count_field(twin.authorize_parameters({.client_id = "c",
                                                          .redirect_uri = "r",
                                                          .state = "s",
                                                          .nonce = "n",
                                                          .code_challenge = "cc",
                                                          .login_hint = ""}),
                               "login_hint") == 0);
}

CALINT_TEST(code_exchange_and_refresh_are_those_of_the_reference) {
  for (const Twin& twin : twins()) {
    check_form(twin, twin.exchange_form(twin.client, twin.exchange), twin.exchange_sample);
    check_form(twin, twin.refresh_form(twin.client, Secret(std::string_view("EXAMPLE_REFRESH_TOKEN_1"))),
               "token-refresh-request.json");
  }
}

CALINT_TEST(a_refused_code_is_bad_input_and_never_a_lost_grant) {
  const std::map<std::string, std::vector<Refused>> rows = {
      {"google",
       {{"token-error-code-used", Fault::bad_input, "invalid_grant"},
        {"token-error-malformed-code", Fault::bug, "invalid_grant"},
        {"token-error-invalid-client", Fault::operator_fault, "invalid_client"}}},
      {"outlook",
       {{"token-error-54005", Fault::bad_input, "invalid_grant"},
        {"token-error-501481", Fault::bad_input, "invalid_grant"},
        {"token-error-70008", Fault::bad_input, "invalid_grant"},
        {"token-error-65001", Fault::bad_input, "invalid_grant, admin_consent"},
        {"token-error-7000222", Fault::operator_fault, "AADSTS7000222"}}}};
  for (const Twin& twin : twins())
    for (const Refused& row : rows.at(twin.name)) {
      auto grant = exchanged(twin, test::sample_response(twin.samples + row.sample + ".json"));
      CHECK_FAULT(grant, row.fault);
      CHECK_EQUAL(code_of(grant.error()), row.code);
      CHECK(!grant.error().nothing_sent);
    }
}

CALINT_TEST(an_exchange_says_whether_the_code_left) {
  for (const Twin& twin : twins())
    for (const bool nothing_sent : {true, false}) {
      auto grant = exchanged(twin, Error{.fault = Fault::unavailable, .what = "cut off", .nothing_sent = nothing_sent});
      CHECK_FAULT(grant, Fault::unavailable);
      CHECK_OF(twin, grant.error().nothing_sent == nothing_sent);
    }
}

CALINT_TEST(a_refresh_brings_a_new_access_token_and_a_refresh_token_where_the_provider_changes_it) {
  for (const Twin& twin : twins()) {
    const bool changes = twin.name == "outlook";
    auto tokens = refreshed(twin, "token-refresh-response");
    CHECK_OK(tokens);
    CHECK_EQUAL(tokens->access_token.reveal(), changes ? "EXAMPLE_ACCESS_TOKEN_2" : "EXAMPLE_ACCESS_TOKEN_5");
    CHECK_EQUAL(tokens->refresh_token.has_value(), changes);
    if (changes) CHECK_EQUAL(tokens->refresh_token->reveal(), "EXAMPLE_REFRESH_TOKEN_2");
    CHECK_EQUAL(tokens->expires_at, kTwinsNow + (changes ? 4123s : 3599s));
    CHECK_OF(twin, tokens->scopes.contains("email"));
  }
}

CALINT_TEST(a_refresh_that_is_refused_asks_to_reconnect) {
  const std::map<std::string, std::vector<Refused>> rows = {
      {"google",
       {{"token-error-invalid-grant", Fault::reconnect, "invalid_grant"},
        {"token-error-rapt", Fault::reconnect, "invalid_grant, sign_in_policy"}}},
      {"outlook",
       {{"token-error-50173", Fault::reconnect, "invalid_grant"},
        {"token-error-700082", Fault::reconnect, "invalid_grant"},
        {"token-error-50076", Fault::reconnect, "invalid_grant, sign_in_policy"}}}};
  for (const Twin& twin : twins())
    for (const Refused& row : rows.at(twin.name)) {
      auto tokens = refreshed(twin, row.sample);
      CHECK_FAULT(tokens, row.fault);
      CHECK_EQUAL(code_of(tokens.error()), row.code);
    }
}
