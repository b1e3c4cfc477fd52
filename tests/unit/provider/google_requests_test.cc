#include "provider/google/requests.h"

#include "base/form.h"
#include "provider/google/google.h"
#include "support/check.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::google;

namespace {

const std::string kSamples = CALINT_TEST_DATA "/google/";

Secret secret(std::string_view text) { return Secret(text); }

const json_t* request_in(const Json& sample) { return json_object_get(sample.get(), "request"); }

}  // namespace

CALINT_TEST(the_revocation_is_that_of_the_reference) {
  const Json sample = test::read_sample(kSamples + "revoke-request.json");
  const HttpRequest request = revoke_request(google::Options().revoke_url, secret("EXAMPLE_REFRESH_TOKEN_1"));
  CHECK_EQUAL(request.method, string_member(request_in(sample), "method").value());
  CHECK_EQUAL(request.url, string_member(request_in(sample), "url").value());
  CHECK_EQUAL(form_encode(test::sorted(form_decode(request.body.reveal()).value())),
              form_encode(test::fields_of(json_object_get(request_in(sample), "form"))));
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
