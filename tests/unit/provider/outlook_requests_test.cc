#include "provider/outlook/requests.h"

#include "base/form.h"
#include "provider/outlook/outlook.h"
#include "support/check.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::outlook;

namespace {

const OAuthClient kClient{.client_id = "00001111-aaaa-2222-bbbb-3333cccc4444",
                          .client_secret = Secret(std::string_view("EXAMPLE_CLIENT_SECRET"))};

Secret secret(std::string_view text) { return Secret(text); }

const CodeExchange kExchange{.code = secret("0.EXAMPLE_AUTH_CODE"),
                             .code_verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
                             .redirect_uri = "https://ats.example.com/calendar/auth/outlook/callback",
                             .nonce = "n"};

}  // namespace

// The reference's leaves the scope out, which is optional there: with it both ways ask for the same.
CALINT_TEST(the_code_exchange_with_a_certificate_is_that_of_the_reference) {
  const Json sample = test::read_sample(CALINT_TEST_DATA "/microsoft/token-exchange-request-certificate.json");
  auto form = form_decode(exchange_form(kClient, secret("EXAMPLE.SIGNED.JWT"), kExchange).reveal()).value();
  CHECK_EQUAL(std::erase_if(form, [](const FormField& field) { return field.first == "scope"; }), 1);
  CHECK_EQUAL(form_encode(test::sorted(std::move(form))),
              form_encode(test::fields_of(json_object_get(json_object_get(sample.get(), "request"), "form"))));
}

CALINT_TEST(a_certificate_keeps_the_secret_at_home) {
  for (const Secret& form : {exchange_form(kClient, secret("a.b.c"), kExchange),
                             refresh_form(kClient, secret("a.b.c"), secret("rt"))}) {
    CHECK_EQUAL(form.reveal().find("EXAMPLE_CLIENT_SECRET"), std::string_view::npos);
    CHECK(form.reveal().find("client_assertion=a.b.c") != std::string_view::npos);
  }
}

CALINT_TEST(calendars_are_asked_for_by_pages_and_under_lasting_ids) {
  const HttpRequest first = calendars_request(outlook::Options().api_url, secret("at"), "");
  CHECK_EQUAL(first.method, "GET");
  CHECK_EQUAL(first.url, "https://graph.microsoft.com/v1.0/me/calendars?$top=250");
  CHECK_EQUAL(first.bearer->reveal(), "at");
  CHECK_EQUAL(first.headers[1], (std::pair<std::string, std::string>("Prefer", "IdType=\"ImmutableId\"")));
  CHECK_EQUAL(calendars_request("http://localhost:1/v1.0/", secret("at"), "").url,
              "http://localhost:1/v1.0/me/calendars?$top=250");
  const char* link = "https://graph.microsoft.com/v1.0/me/calendars?$top=250&$skip=250";
  const HttpRequest next = calendars_request(outlook::Options().api_url, secret("at"), link);
  CHECK_EQUAL(next.url, link);
  CHECK_EQUAL(next.headers, first.headers);
}
