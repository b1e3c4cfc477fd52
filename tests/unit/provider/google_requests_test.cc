#include "provider/google/requests.h"

#include "provider/google/google.h"
#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::google;

namespace {

const std::string kSamples = CALINT_TEST_DATA "/google/";
const OAuthClient kClient{.client_id = "1234567890-example.apps.googleusercontent.com",
                          .client_secret = Secret(std::string_view("EXAMPLE_CLIENT_SECRET"))};

Secret secret(std::string_view text) { return Secret(text); }

void check_same(std::vector<FormField> made, const json_t* expected) {
  const std::vector<FormField> sorted = test::sorted(std::move(made)), wanted = test::fields_of(expected);
  CHECK_EQUAL(form_encode(sorted), form_encode(wanted));
}

void check_form(const Secret& form, const json_t* expected) { check_same(form_decode(form.reveal()).value(), expected); }

const json_t* request_in(const Json& sample) { return json_object_get(sample.get(), "request"); }

}  // namespace

CALINT_TEST(the_authorization_request_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "authorize-request.json");
  std::vector<FormField> fields =
      authorize_parameters({.client_id = kClient.client_id,
                            .redirect_uri = "https://ats.example.com/calendar/auth/google/callback",
                            .state = "EXAMPLE-STATE",
                            .nonce = "EXAMPLE-NONCE",
                            .code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                            .login_hint = "avery@example.com"});
  CHECK_EQUAL(*single_field(fields, "nonce"), "EXAMPLE-NONCE");
  std::erase_if(fields, [](const FormField& field) { return field.first == "nonce"; });
  check_same(fields, json_object_get(sample.get(), "query"));
}

CALINT_TEST(without_a_login_hint_google_asks_for_the_account) {
  CHECK(count_field(authorize_parameters({.client_id = "c",
                                          .redirect_uri = "r",
                                          .state = "s",
                                          .nonce = "n",
                                          .code_challenge = "cc",
                                          .login_hint = ""}),
                    "login_hint") == 0);
}

CALINT_TEST(the_code_exchange_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "token-exchange-request.json");
  check_form(exchange_form(kClient, {.code = secret("4/EXAMPLE_AUTH_CODE"),
                                     .code_verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                                     .redirect_uri = "https://ats.example.com/calendar/auth/google/callback",
                                     .nonce = "n"}),
             json_object_get(request_in(sample), "form"));
}

CALINT_TEST(the_refresh_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "token-refresh-request.json");
  check_form(refresh_form(kClient, secret("EXAMPLE_REFRESH_TOKEN_1")), json_object_get(request_in(sample), "form"));
}

CALINT_TEST(the_revocation_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "revoke-request.json");
  const HttpRequest request = revoke_request(google::Options().revoke_url, secret("EXAMPLE_REFRESH_TOKEN_1"));
  CHECK_EQUAL(request.method, string_member(request_in(sample), "method").value());
  CHECK_EQUAL(request.url, string_member(request_in(sample), "url").value());
  check_form(request.body, json_object_get(request_in(sample), "form"));
  CHECK(!request.bearer.has_value());
}

CALINT_TEST(the_calendar_list_request_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "calendarlist-request.json");
  const HttpRequest request = calendar_list_request(google::Options().api_url, secret("EXAMPLE_ACCESS_TOKEN_1"), "");
  CHECK_EQUAL(request.method, string_member(request_in(sample), "method").value());
  CHECK_EQUAL(request.url, string_member(request_in(sample), "url").value());
  CHECK_EQUAL("Bearer " + std::string(request.bearer->reveal()),
              string_member(json_object_get(request_in(sample), "headers"), "Authorization").value());
}

CALINT_TEST(a_page_token_is_encoded) {
  const HttpRequest request = calendar_list_request("http://localhost:1/v3/", secret("t"), "a&b=c+d");
  CHECK_EQUAL(request.url,
              "http://localhost:1/v3/users/me/calendarList?maxResults=250&showHidden=true&pageToken=a%26b%3Dc%2Bd");
}

CALINT_TEST(google_is_where_its_metadata_says) {
  const Json metadata = test::read_sample(kSamples + "discovery-metadata.json");
  const google::Options options;
  CHECK_EQUAL(options.issuer, string_member(metadata.get(), "issuer").value());
  CHECK_EQUAL(options.authorize_url, string_member(metadata.get(), "authorization_endpoint").value());
  CHECK_EQUAL(options.token_url, string_member(metadata.get(), "token_endpoint").value());
  CHECK_EQUAL(options.revoke_url, string_member(metadata.get(), "revocation_endpoint").value());
}
