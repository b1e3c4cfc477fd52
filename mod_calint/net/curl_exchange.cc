#include "net/curl_exchange.h"

#include <new>

#include "net/call_loop.h"
#include "net/curl_error.h"

namespace calint {
namespace {

// Safe methods (RFC 9110, 9.2.1; RFC 4918, 9.1; RFC 3253, 3.6).
bool may_be_repeated(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD" || request.method == "PROPFIND" ||
         request.method == "REPORT";
}

CurlList header_list(const HttpRequest& request) {
  CurlList list;
  const auto append = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    static_cast<void>(list.release());
    list.reset(longer);
  };
  append("Expect:");  // no round trip for "100 Continue"
  for (const auto& [name, value] : request.headers) append(name + ": " + value);
  return list;
}

}  // namespace

CurlExchange::CurlExchange(const HttpRequest& request, const std::function<bool()>& stopping)
    : request_(request),
      stopping_(stopping),
      headers_(header_list(request)),
      bearer_(request.bearer ? request.bearer->reveal() : std::string_view()),
      password_(request.basic ? request.basic->password.reveal() : std::string_view()),
      answer_(request.max_answer_bytes, &request.taker) {}

Result<HttpResponse> CurlExchange::perform(CURL* curl, std::chrono::milliseconds limit, std::string_view host) {
  set_request(curl);
  set_callbacks(curl);
  const CURLcode code = calint::perform(curl, limit);
  if (code != CURLE_OK) return failure(curl, code, host);
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return answer_.take(static_cast<int>(status));
}

void CurlExchange::set_request(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
  if (request_.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request_.method == "POST" || !request_.body.empty()) {
    // Pointed at, not copied.
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request_.body.reveal().data());
  }
  if (request_.method != "HEAD") curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  if (request_.bearer) {
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, bearer_.c_str());
  } else if (request_.basic) {
    // Two options, not CURLOPT_USERPWD: the password may hold ':'.
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl, CURLOPT_USERNAME, request_.basic->user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password_.c_str());
  }
}

void CurlExchange::set_callbacks(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, on_connected);
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
}

Error CurlExchange::failure(CURL* curl, CURLcode code, std::string_view host) const {
  long verify_result = 0;
  curl_easy_getinfo(curl, CURLINFO_SSL_VERIFYRESULT, &verify_result);
  if (verify_result == 0) curl_easy_getinfo(curl, CURLINFO_PROXY_SSL_VERIFYRESULT, &verify_result);
  return curl_error({.code = code,
                     .verify_result = verify_result,
                     .host = host,
                     .request_begun = request_begun_,
                     .answer_too_long = answer_.too_long(),
                     .stopping = stopped_});
}

// No exception may pass through libcurl: with no memory left the exchange ends as if the write had failed.
size_t CurlExchange::on_header(char* data, size_t size, size_t count, void* self) noexcept {
  try {
    return static_cast<CurlExchange*>(self)->answer_.add_header_line({data, size * count}) ? size * count : 0;
  } catch (const std::bad_alloc&) {
    return 0;
  }
}

size_t CurlExchange::on_body(char* data, size_t size, size_t count, void* self) noexcept {
  try {
    if (static_cast<CurlExchange*>(self)->answer_.add_body({data, size * count})) return size * count;
  } catch (const std::bad_alloc&) {
  }
  return CURL_WRITEFUNC_ERROR;
}

int CurlExchange::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  auto* exchange = static_cast<CurlExchange*>(self);
  if (exchange->stopping_ && exchange->stopping_()) exchange->stopped_ = true;
  return exchange->stopped_ ? 1 : 0;
}

// A connection is ready, proxy tunnel and TLS included, and the request would be written next.
int CurlExchange::on_connected(void* self, char*, char*, int, int) noexcept {
  auto* exchange = static_cast<CurlExchange*>(self);
  if (exchange->request_begun_ && !may_be_repeated(exchange->request_)) return CURL_PREREQFUNC_ABORT;
  exchange->request_begun_ = true;
  return CURL_PREREQFUNC_OK;
}

}  // namespace calint
