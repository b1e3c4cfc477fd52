#include "httpd/respond.h"

#include <algorithm>
#include <limits>

namespace calint::httpd {
namespace {

constexpr char kCacheControl[] = "Cache-Control";
constexpr char kNotKept[] = "no-store";

bool is_same_header(std::string_view a, const char* b) { return ap_cstr_casecmp(std::string(a).c_str(), b) == 0; }

// Both tables are sent.
bool has_header(request_rec* r, const char* name) {
  return apr_table_get(r->headers_out, name) != nullptr || apr_table_get(r->err_headers_out, name) != nullptr;
}

void replace_header(request_rec* r, const char* name, const char* value) {
  apr_table_unset(r->err_headers_out, name);
  apr_table_set(r->headers_out, name, value);
}

// A cookie may be the whole session, which no cache may hand to others. What another module has said, such as
// mod_session's "no-cache, private", holds unless nobody shall keep the answer at all.
void set_cache_control(request_rec* r, const std::string& wanted) {
  if (wanted == kNotKept || has_header(r, "Set-Cookie"))
    replace_header(r, kCacheControl, kNotKept);
  else if (!has_header(r, kCacheControl))
    replace_header(r, kCacheControl, wanted.c_str());
}

// Never makes weaker what another module has set before. Of several content security policies all hold.
void set_header(request_rec* r, const std::string& name, const std::string& value) {
  if (is_same_header(name, kCacheControl)) {
    set_cache_control(r, value);
  } else if (is_same_header(name, "Vary") || is_same_header(name, "Content-Security-Policy")) {
    apr_table_merge(r->headers_out, name.c_str(), value.c_str());
  } else if (!is_same_header(name, "Referrer-Policy") || !has_header(r, name.c_str())) {
    replace_header(r, name.c_str(), value.c_str());
  }
}

// RFC 9110, 15.3.5 and 15.4.5.
bool has_body(int status) { return status != HTTP_NO_CONTENT && status != HTTP_NOT_MODIFIED; }

void write_body(request_rec* r, std::string_view body) {
  while (!body.empty()) {
    size_t piece = std::min<size_t>(body.size(), std::numeric_limits<int>::max());
    // A browser that went away is no error of ours.
    if (ap_rwrite(body.data(), static_cast<int>(piece), r) < 0) return;
    body.remove_prefix(piece);
  }
}

}  // namespace

int respond(request_rec* r, const Response& response) {
  r->status = response.status;
  r->status_line = nullptr;
  for (const auto& [name, value] : response.headers) set_header(r, name, value);
  if (!has_header(r, kCacheControl)) set_cache_control(r, kNotKept);
  if (!has_body(response.status)) return kOk;
  if (!response.content_type.empty()) ap_set_content_type(r, apr_pstrdup(r->pool, response.content_type.c_str()));
  ap_set_content_length(r, static_cast<apr_off_t>(response.body.size()));
  if (!r->header_only) write_body(r, response.body);
  return kOk;
}

}  // namespace calint::httpd
