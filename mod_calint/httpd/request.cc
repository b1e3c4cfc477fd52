#include "httpd/request.h"

#include <openssl/crypto.h>

#include <array>
#include <optional>

#include "base/text.h"
#include "crypto/random.h"
#include "httpd/identity.h"
#include "httpd/request_state.h"
#include "httpd/session.h"

namespace calint::httpd {
namespace {

std::string text_or_empty(const char* text) { return text == nullptr ? std::string() : std::string(text); }

std::string header(request_rec* r, const char* name) { return text_or_empty(apr_table_get(r->headers_in, name)); }

// Takes over what is left of the body, of at most `longest` bytes. The whole room is reserved, so that growing leaves
// no copies behind.
int read_body(request_rec* r, size_t longest, Secret& body) {
  if (int status = ap_setup_client_block(r, REQUEST_CHUNKED_DECHUNK); status != kOk) return status;
  if (!ap_should_client_block(r)) return kOk;
  if (r->remaining > static_cast<apr_off_t>(longest)) return HTTP_REQUEST_ENTITY_TOO_LARGE;
  std::string bytes;
  bytes.reserve(r->read_chunked ? longest : static_cast<size_t>(r->remaining));
  std::array<char, 8192> chunk;
  long got = 0;
  bool too_long = false;
  while (!too_long && (got = ap_get_client_block(r, chunk.data(), chunk.size())) > 0) {
    too_long = bytes.size() + static_cast<size_t>(got) > longest;
    if (!too_long) bytes.append(chunk.data(), static_cast<size_t>(got));
  }
  OPENSSL_cleanse(chunk.data(), chunk.size());
  body = Secret(std::move(bytes));
  if (too_long) return HTTP_REQUEST_ENTITY_TOO_LARGE;
  return got < 0 ? HTTP_BAD_REQUEST : kOk;
}

// RFC 6750, 2.1; the scheme's name in any case.
std::optional<Secret> bearer(request_rec* r) {
  constexpr std::string_view kScheme = "bearer";
  const char* authorization = apr_table_get(r->headers_in, "Authorization");
  if (authorization == nullptr || ap_cstr_casecmpn(authorization, kScheme.data(), kScheme.size()) != 0)
    return std::nullopt;
  const std::string_view rest = authorization + kScheme.size();
  return rest.empty() || rest.front() == ' ' ? std::optional(Secret(trimmed(rest))) : std::nullopt;
}

void read_visitor(request_rec* r, const Settings& settings, Request& request) {
  request.login = signed_in(r, settings);
  // A callback never starts a session: under SameSite=Strict the browser leaves the cookie out there, and a
  // new one would replace the session that it still has. Nor does a request of nobody.
  const bool may_start = request.login && !request_state(r).is_callback;
  request.binding = session_binding(r, may_start ? Missing::make_and_save : Missing::make_for_this_request);
}

}  // namespace

std::string request_id(request_rec* r) {
  if (const char* id = apr_table_get(r->subprocess_env, "UNIQUE_ID")) return id;
  if (r->log_id != nullptr) return r->log_id;
  return crypto::random_token(9);
}

int read_request(request_rec* r, const Settings& settings, const Intake& intake, Request& request) {
  request.request_id = request_id(r);
  if (r->method_number == M_POST || r->method_number == M_PATCH)
    if (int status = read_body(r, intake.body, request.body); status != kOk) return status;

  request.method = r->method;
  request.path = r->uri;
  RequestState& state = request_state(r);
  if (state.is_callback)
    request.query = std::move(state.callback_query);
  else if (r->args != nullptr)
    request.query = Secret(std::string_view(r->args));
  request.content_type = header(r, "Content-Type");
  if (intake.takes_bearer) request.bearer = bearer(r);
  if (request.bearer)
    leave_session_alone(r);
  else
    read_visitor(r, settings, request);
  request.remote_ip = text_or_empty(r->useragent_ip);
  request.user_agent = header(r, "User-Agent");
  request.accept = header(r, "Accept");
  request.accept_language = header(r, "Accept-Language");
  request.origin = header(r, "Origin");
  request.sec_fetch_site = header(r, "Sec-Fetch-Site");
  request.csrf_token = header(r, "X-CSRF-Token");
  request.if_match = header(r, "If-Match");
  request.if_none_match = header(r, "If-None-Match");
  return kOk;
}

}  // namespace calint::httpd
