#include "net/curl_transport.h"

#include <algorithm>
#include <new>

#include "base/url.h"
#include "net/answer.h"
#include "net/curl_error.h"

namespace calint {
namespace {

// libcurl's global state is shared with the whole process: set up once, never taken down.
void start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

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

// What the callbacks of one exchange share.
struct Exchange {
  explicit Exchange(size_t max_answer_bytes) : answer(max_answer_bytes) {}
  Answer answer;
  const std::function<bool()>* stopping = nullptr;
  bool stopped = false;
  bool request_begun = false;
};

size_t on_header(char* data, size_t size, size_t count, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  return exchange->answer.add_header_line({data, size * count}) ? size * count : 0;
}

size_t on_body(char* data, size_t size, size_t count, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  return exchange->answer.add_body({data, size * count}) ? size * count : CURL_WRITEFUNC_ERROR;
}

int on_progress(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto* exchange = static_cast<Exchange*>(user);
  if (*exchange->stopping && (*exchange->stopping)()) exchange->stopped = true;
  return exchange->stopped ? 1 : 0;
}

// Called when a connection is ready, TLS included, right before the request is written.
int on_request(void* user, char*, char*, int, int) {
  static_cast<Exchange*>(user)->request_begun = true;
  return CURL_PREREQFUNC_OK;
}

CurlList header_list(const HttpRequest& request) {
  CurlList list;
  auto append = [&](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  append("Expect:");
  for (const auto& [name, value] : request.headers) append(name + ": " + value);
  return list;
}

void set_security(CURL* curl, const CurlTransport::Options& options, bool plain_http) {
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, plain_http ? "http" : "https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  // An empty string also keeps the environment's proxy variables out.
  curl_easy_setopt(curl, CURLOPT_PROXY, plain_http ? "" : options.proxy.c_str());
}

void set_limits(CURL* curl, const CurlTransport::Options& options, Deadline deadline) {
  const auto total = std::min(options.total_timeout, deadline.remaining());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(total.count()));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(options.connect_timeout, total).count()));
}

void set_request(CURL* curl, const HttpRequest& request, const std::string& bearer, curl_slist* headers) {
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "mod_calint/" CALINT_VERSION);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.reveal().data());
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  if (request.bearer) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, bearer.c_str());
  }
}

void set_callbacks(CURL* curl, Exchange& exchange) {
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_request);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, &exchange);
}

}  // namespace

CurlTransport::CurlTransport(Options options) : options_(std::move(options)), handles_(options_.max_idle) {}

Result<HttpResponse> CurlTransport::send(const HttpRequest& request, Deadline deadline) {
  auto url = parse_url(request.url);
  if (!url) return std::move(url).error();
  const bool plain_http = url->is_insecure_loopback() && options_.allow_insecure_loopback;
  if (!url->is_https() && !plain_http)
    return Error{.fault = Fault::bad_input, .what = url->host + ": only https is allowed", .nothing_sent = true};
  if (deadline.passed())
    return Error{.fault = Fault::unavailable, .what = url->host + ": no time left", .code = "deadline", .nothing_sent = true};

  start_libcurl();
  Borrowed handle(handles_);
  CURL* curl = handle.get();
  Exchange exchange(request.max_answer_bytes);
  exchange.stopping = &options_.stopping;
  const CurlList headers = header_list(request);
  std::string bearer = request.bearer ? std::string(request.bearer->reveal()) : std::string();
  set_security(curl, options_, plain_http);
  set_limits(curl, options_, deadline);
  set_request(curl, request, bearer, headers.get());
  set_callbacks(curl, exchange);

  const CURLcode code = curl_easy_perform(curl);
  wipe(bearer);
  if (code != CURLE_OK) {
    long verify_result = 0;
    curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &verify_result);
    return curl_error({.code = code,
                       .verify_result = verify_result,
                       .host = url->host,
                       .request_begun = exchange.request_begun,
                       .answer_too_long = exchange.answer.too_long(),
                       .stopping = exchange.stopped});
  }
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return exchange.answer.take(static_cast<int>(status));
}

}  // namespace calint
