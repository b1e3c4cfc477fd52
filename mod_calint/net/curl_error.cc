#include "net/curl_error.h"

#include <fmt/format.h>
#include <openssl/x509.h>

namespace calint {
namespace {

// libcurl looks at the host name before it asks for the chain's result, and leaves "unspecified" there.
std::string reason(const CurlFailure& failure) {
  if (failure.answer_too_long) return "the answer is longer than allowed";
  if (failure.stopping) return "given up because this process is stopping";
  if (failure.code != CURLE_PEER_FAILED_VERIFICATION) return curl_easy_strerror(failure.code);
  if (failure.verify_result != X509_V_OK && failure.verify_result != X509_V_ERR_UNSPECIFIED)
    return fmt::format("the certificate was not accepted: {}", X509_verify_cert_error_string(failure.verify_result));
  return "the certificate was not accepted: it is for another host";
}

Fault fault_of(const CurlFailure& failure) {
  if (failure.stopping) return Fault::stopping;
  switch (failure.code) {
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CRL_BADFILE: return Fault::operator_fault;
    default: return Fault::unavailable;
  }
}

}  // namespace

Error curl_error(const CurlFailure& failure) {
  return Error{.fault = fault_of(failure),
               .what = fmt::format("{}: {}", failure.host, reason(failure)),
               .code = fmt::format("curl-{}", static_cast<int>(failure.code)),
               .nothing_sent = !failure.request_begun};
}

}  // namespace calint
