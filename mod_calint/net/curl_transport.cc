#include "net/curl_transport.h"

#include <algorithm>

#include "base/url.h"
#include "net/curl_exchange.h"
#include "net/header_text.h"

namespace calint {
namespace {

// Shorter than what Google and usual servers wait (4 min and 60 s and more), so that a request seldom meets a
// connection that is being closed.
constexpr long kLongestIdleSeconds = 50;
constexpr long kConnectionsPerHandle = 4;

// Gives the handle back on every way out.
class Borrowed {
 public:
  explicit Borrowed(CurlPool& pool) : pool_(pool), handle_(pool.take()) {}
  ~Borrowed() { pool_.give_back(std::move(handle_)); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  CURL* get() const { return handle_.get(); }

 private:
  CurlPool& pool_;
  CurlHandle handle_;
};

Error refused(Fault fault, const Url& url, const char* why, const char* code = "") {
  return Error{.fault = fault, .what = url.host + ": " + why, .code = code, .nothing_sent = true};
}

// nullptr where everything may stand in a request's head.
const char* objection(const HttpRequest& request) {
  for (const auto& [name, value] : request.headers)
    if (!is_field(name, value)) return "a header can't be sent as it is";
  if (request.bearer && !is_bearer_token(request.bearer->reveal())) return "the bearer token can't be sent as it is";
  if (request.basic && !is_basic_credentials(request.basic->user, request.basic->password.reveal()))
    return "user or password can't be sent as they are";
  return nullptr;
}

// For the provider's connection and, where there is one, an HTTPS proxy's.
CURLcode believe(CURL*, void* context, void* trust) {
  static_cast<const TrustStore*>(trust)->give_to(static_cast<SSL_CTX*>(context));
  return CURLE_OK;
}

}  // namespace

CurlTransport::CurlTransport(Options options) : options_(std::move(options)), handles_(options_.max_idle) {}

void CurlTransport::set_options(CURL* curl, bool plain_http, std::chrono::milliseconds limit) const {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain_http ? "http" : "https");
  // A handle has one exchange at a time: HTTP/2 would bring its framing and nothing else.
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "mod_calint/" CALINT_VERSION);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");

  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  // libcurl reads no certificates itself, so that it neither parses nor believes others than the trust store's.
  for (CURLoption certificates : {CURLOPT_CAINFO, CURLOPT_CAPATH, CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH})
    curl_easy_setopt(curl, certificates, nullptr);
  curl_easy_setopt(curl, CURLOPT_CA_CACHE_TIMEOUT, 0L);
  if (options_.trust) {
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, believe);
    curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, options_.trust.get());
  }
  // Empty strings keep the environment's variables out.
  curl_easy_setopt(curl, CURLOPT_PROXY, plain_http ? "" : options_.proxy.c_str());
  curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
  curl_easy_setopt(curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);

  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  // Without it a resolver that hangs is waited for beyond the time-out.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, kConnectionsPerHandle);
  curl_easy_setopt(curl, CURLOPT_MAXAGE_CONN, kLongestIdleSeconds);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(std::min(options_.connect_timeout, limit).count()));
}

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, Deadline deadline) {
  auto url = parse_url(request.url);
  if (!url) {
    url.error().nothing_sent = true;
    return std::move(url).error();
  }
  const bool plain_http = url->is_insecure_loopback() && options_.allow_insecure_loopback;
  if (!url->is_https() && !plain_http) return refused(Fault::bad_input, *url, "only https is allowed");
  if (const char* why = objection(request)) return refused(Fault::bad_input, *url, why);
  const auto limit = std::min(options_.total_timeout, deadline.remaining());
  // libcurl would take 0 as "no limit".
  if (limit.count() <= 0) return refused(Fault::unavailable, *url, "no time left", "deadline");

  start_libcurl();
  Borrowed handle(handles_);
  set_options(handle.get(), plain_http, limit);
  return CurlExchange(request, options_.stopping).perform(handle.get(), limit, url->host);
}

}  // namespace calint
