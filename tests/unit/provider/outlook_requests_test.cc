#include "provider/outlook/requests.h"

#include "base/url.h"
#include "provider/outlook/outlook.h"
#include "support/check.h"
#include "support/samples.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace calint::outlook;

namespace {

const std::string kSamples = CALINT_TEST_DATA "/microsoft/";
const OAuthClient kClient{.client_id = "00001111-aaaa-2222-bbbb-3333cccc4444",
                          .client_secret = Secret(std::string_view("EXAMPLE_CLIENT_SECRET"))};

Secret secret(std::string_view text) { return Secret(text); }

const CodeExchange kExchange{.code = secret("0.EXAMPLE_AUTH_CODE"),
                             .code_verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                             .redirect_uri = "https://ats.example.com/calendar/auth/outlook/callback",
                             .nonce = "n"};

// `but`, which the sample leaves out, is known to be there.
void check_form(const Secret& form, const std::string& sample, const char* but = "") {
  const Json read = test::read_sample(kSamples + sample);
  std::vector<FormField> made = form_decode(form.reveal()).value();
  if (*but != '\0') CHECK(std::erase_if(made, [&](const FormField& field) { return field.first == but; }) == 1);
  const auto wanted = test::fields_of(json_object_get(json_object_get(read.get(), "request"), "form"));
  CHECK_EQUAL(form_encode(test::sorted(std::move(made))), form_encode(wanted));
}

}  // namespace

CALINT_TEST(the_authorization_request_to_microsoft_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "authorize-request.json");
  test::ScriptedTransport transport;
  const auto url = parse_url(
      outlook::make_oauth({}, transport)
          ->authorize_url({.client_id = kClient.client_id,
                          .redirect_uri = kExchange.redirect_uri,
                          .state = "EXAMPLE-STATE",
                          .nonce = "EXAMPLE-NONCE",
                          .code_challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
                          .login_hint = "avery@contoso.example"}));
  CHECK_OK(url);
  CHECK_EQUAL(url->origin() + url->path, string_member(sample.get(), "url").value());
  std::vector<FormField> fields = form_decode(url->query).value();
  CHECK_EQUAL(*single_field(fields, "nonce"), "EXAMPLE-NONCE");
  std::erase_if(fields, [](const FormField& field) { return field.first == "nonce"; });
  CHECK_EQUAL(form_encode(test::sorted(std::move(fields))),
              form_encode(test::fields_of(json_object_get(sample.get(), "query"))));
}

CALINT_TEST(without_a_login_hint_microsoft_asks_for_the_account) {
  CHECK(count_field(authorize_parameters({.client_id = "c",
                                          .redirect_uri = "r",
                                          .state = "s",
                                          .nonce = "n",
                                          .code_challenge = "cc",
                                          .login_hint = ""}),
                    "login_hint") == 0);
}

CALINT_TEST(the_code_exchange_with_a_secret_is_that_of_the_reference) {
  check_form(exchange_form(kClient, {}, kExchange), "token-exchange-request-secret.json");
}

// The reference's leaves the scope out, which is optional there: with it both ways ask for the same.
CALINT_TEST(the_code_exchange_with_a_certificate_is_that_of_the_reference) {
  check_form(exchange_form(kClient, secret("EXAMPLE.SIGNED.JWT"), kExchange), "token-exchange-request-certificate.json",
             "scope");
}

CALINT_TEST(a_certificate_keeps_the_secret_at_home) {
  for (const Secret& form : {exchange_form(kClient, secret("a.b.c"), kExchange),
                             refresh_form(kClient, secret("a.b.c"), secret("rt"))}) {
    CHECK(form.reveal().find("EXAMPLE_CLIENT_SECRET") == std::string_view::npos);
    CHECK(form.reveal().find("client_assertion=a.b.c") != std::string_view::npos);
  }
}

CALINT_TEST(the_refresh_at_microsoft_is_that_of_the_reference) {
  check_form(refresh_form(kClient, {}, secret("EXAMPLE_REFRESH_TOKEN_1")), "token-refresh-request.json");
}

CALINT_TEST(calendars_are_asked_for_by_pages_and_under_lasting_ids) {
  const HttpRequest first = calendars_request(outlook::Options().api_url, secret("at"), "");
  CHECK_EQUAL(first.method, "GET");
  CHECK_EQUAL(first.url, "https://graph.microsoft.com/v1.0/me/calendars?$top=250");
  CHECK_EQUAL(first.bearer->reveal(), "at");
  CHECK((first.headers[1] == std::pair<std::string, std::string>("Prefer", "IdType=\"ImmutableId\"")));
  CHECK_EQUAL(calendars_request("http://localhost:1/v1.0/", secret("at"), "").url,
              "http://localhost:1/v1.0/me/calendars?$top=250");
  const char* link = "https://graph.microsoft.com/v1.0/me/calendars?$top=250&$skip=250";
  const HttpRequest next = calendars_request(outlook::Options().api_url, secret("at"), link);
  CHECK_EQUAL(next.url, link);
  CHECK(next.headers == first.headers);
}
