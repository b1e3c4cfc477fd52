#include "httpd/callback_query.h"

#include <openssl/crypto.h>

#include <cstring>
#include <string_view>

#include "base/paths.h"
#include "httpd/config.h"
#include "httpd/guard.h"
#include "httpd/request_state.h"

namespace calint::httpd {
namespace {

// Overwrites and ends the text at its '?'.
void cut_query(char* uri) {
  if (uri == nullptr) return;
  if (char* query = std::strchr(uri, '?')) OPENSSL_cleanse(query, std::strlen(query));
}

// "GET /path?query HTTP/1.1" becomes "GET /path HTTP/1.1"; without a protocol the line ends at the path.
void cut_query_of_request_line(char* line) {
  char* query = line == nullptr ? nullptr : std::strchr(line, '?');
  if (query == nullptr) return;
  const size_t length = std::strlen(query);
  const char* rest = std::strrchr(query, ' ');
  const size_t kept = rest != nullptr && std::strncmp(rest, " HTTP/", 6) == 0 ? std::strlen(rest) : 0;
  if (kept > 0) std::memmove(query, rest, kept);
  OPENSSL_cleanse(query + kept, length - kept);
}

// Where httpd refused the request early, it may know no more than the line.
const char* requested_path(request_rec* r) {
  if (r->uri != nullptr) return r->uri;
  const char* target = r->the_request == nullptr ? nullptr : std::strchr(r->the_request, ' ');
  return target == nullptr ? "" : apr_pstrndup(r->pool, target + 1, std::strcspn(target + 1, "? "));
}

// Any spelling that httpd would route there; one that httpd will refuse is compared as far as it decodes.
bool is_callback_path(apr_pool_t* pool, const char* text) {
  char* path = apr_pstrdup(pool, text);
  ap_normalize_path(path, AP_NORMALIZE_NOT_ABOVE_ROOT | AP_NORMALIZE_MERGE_SLASHES | AP_NORMALIZE_DECODE_UNRESERVED);
  ap_unescape_url(path);
  std::string_view view = path;
  if (!view.starts_with(kAuthPath)) return false;
  view.remove_prefix(kAuthPath.size());
  while (view.ends_with('/')) view.remove_suffix(1);
  return view.starts_with('/') && view.size() > kCallbackSegment.size() && view.ends_with(kCallbackSegment);
}

bool concerns_us(request_rec* r) {
  return server_config(r->server)->given.any() && is_callback_path(r->pool, requested_path(r));
}

void blank(request_rec* r) {
  cut_query(r->unparsed_uri);
  cut_query_of_request_line(r->the_request);
  if (r->args != nullptr) OPENSSL_cleanse(r->args, std::strlen(r->args));
  r->args = nullptr;
  r->parsed_uri.query = nullptr;
}

}  // namespace

int take_callback_query(request_rec* r) {
  if (!concerns_us(r)) return kDeclined;
  RequestState& state = request_state(r);
  state.is_callback = true;
  if (r->args != nullptr) state.callback_query = Secret(std::string_view(r->args));
  blank(r);
  return kDeclined;
}

void hide_callback_query(request_rec* r) {
  guard(
      0, [](const char*) {},
      [r] {
        if (concerns_us(r)) blank(r);
        return 0;
      });
}

}  // namespace calint::httpd
