// libcurl's failures as Errors. Pure.
#pragma once

#include <curl/curl.h>

#include <string_view>

#include "base/error.h"

namespace calint {

// What is known of an exchange that brought no answer.
struct CurlFailure {
  CURLcode code = CURLE_OK;
  long verify_result = 0;        // X509_V_ERR_*; 0 or "unspecified" where the chain isn't what failed
  std::string_view host;         // that the request was for
  bool request_begun = false;    // libcurl had a connection and was about to write the request
  bool answer_too_long = false;  // a bound of ours ended it
  bool stopping = false;         // this process is ending
};

// The text is libcurl's own for the code, with the host: nothing of the URL's query, of headers or of a body.
// `code` is "curl-" and libcurl's number. stopping where this process ends, operator_fault where a configured file of
// certificates can't be used, unavailable for everything else; nothing_sent is the opposite of request_begun.
Error curl_error(const CurlFailure& failure);

}  // namespace calint
