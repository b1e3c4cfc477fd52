#include "net/curl_error.h"

#include <openssl/x509_vfy.h>

#include "support/check.h"

using namespace calint;

CALINT_TEST(an_error_names_the_host_and_what_curl_says) {
  const Error error = curl_error({.code = CURLE_OPERATION_TIMEDOUT, .host = "oauth2.example.com"});
  CHECK_EQUAL(error.fault, Fault::unavailable);
  CHECK_EQUAL(error.what, "oauth2.example.com: Timeout was reached");
  CHECK_EQUAL(error.code, "curl-28");
}

CALINT_TEST(a_request_that_had_begun_may_have_been_sent) {
  CHECK(curl_error({.code = CURLE_COULDNT_CONNECT, .host = "h"}).nothing_sent);
  CHECK(!curl_error({.code = CURLE_RECV_ERROR, .host = "h", .request_begun = true}).nothing_sent);
}

CALINT_TEST(a_refused_certificate_says_why) {
  const Error expired =
      curl_error({.code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = X509_V_ERR_CERT_HAS_EXPIRED, .host = "h"});
  CHECK_EQUAL(expired.what, "h: the certificate was not accepted: certificate has expired");
  const Error other = curl_error({.code = CURLE_PEER_FAILED_VERIFICATION, .host = "h"});
  CHECK_EQUAL(other.what, "h: the certificate was not accepted: it is for another host");
  const Error unspecified =
      curl_error({.code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = X509_V_ERR_UNSPECIFIED, .host = "h"});
  CHECK_EQUAL(unspecified.what, other.what);
}

CALINT_TEST(certificates_that_cannot_be_read_are_the_operators) {
  CHECK_EQUAL(curl_error({.code = CURLE_SSL_CACERT_BADFILE, .host = "h"}).fault, Fault::operator_fault);
}

CALINT_TEST(our_own_reasons_come_before_curls) {
  CHECK_EQUAL(curl_error({.code = CURLE_WRITE_ERROR, .host = "h", .answer_too_long = true}).what,
              "h: the answer is longer than allowed");
  CHECK_EQUAL(curl_error({.code = CURLE_ABORTED_BY_CALLBACK, .host = "h", .stopping = true}).what,
              "h: given up because this process is stopping");
}
