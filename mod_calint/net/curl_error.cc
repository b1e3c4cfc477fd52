#include "net/curl_error.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include "net/transport.h"

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

bool is_trust_configuration(CURLcode code) {
  return code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CRL_BADFILE;
}

}  // namespace

Error curl_error(const CurlFailure& failure) {
  return Error{.fault = is_trust_configuration(failure.code) ? Fault::operator_fault : Fault::unavailable,
               .what = fmt::format("{}: {}", failure.host, reason(failure)),
               .code = failure.stopping ? std::string(kProcessEnds)
                                        : fmt::format("curl-{}", static_cast<int>(failure.code)),
               .nothing_sent = !failure.request_begun};
}

}  // namespace calint
