#include "base/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <new>

#include "base/text.h"

namespace calint {
namespace {

struct UrlRelease {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct TextRelease {
  void operator()(char* text) const { curl_free(text); }
};

Error refused(std::string what_to_write) {
  return Error{.fault = Fault::bad_input, .what = "URL: " + std::move(what_to_write)};
}

// curl forgives "https:/host" and blanks around a URL, and reads user names and fragments: what speaks against
// `text` before curl sees it, as what to write instead, or nullptr.
const char* objection(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_visible) || text.find('\\') != std::string_view::npos)
    return "write it in ASCII, without blanks and backslashes";
  const std::string lower = lower_case(text);
  const size_t scheme = lower.starts_with("https://") ? 8 : lower.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return "write an absolute one that starts with https://";
  if (text.find('#') != std::string_view::npos) return "write it without '#' and what follows";
  const std::string_view rest = text.substr(scheme);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.empty() || authority.starts_with(':')) return "write a host after the scheme";
  if (authority.find('@') != std::string_view::npos) return "write it without user name, password and '@'";
  if (authority.find('%') != std::string_view::npos) return "write the host without '%'";
  return nullptr;
}

// Empty where the URL doesn't have it.
std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  return std::unique_ptr<char, TextRelease>(text).get();
}

std::unique_ptr<CURLU, UrlRelease> new_handle() {
  std::unique_ptr<CURLU, UrlRelease> handle(curl_url());
  if (!handle) throw std::bad_alloc();
  return handle;
}

}  // namespace

std::string Url::origin() const {
  const bool is_default = port == 0 || port == (is_https() ? 443 : 80);
  return scheme + "://" + host + (is_default ? "" : ":" + std::to_string(port));
}

std::string Url::text() const { return origin() + (path.empty() ? "/" : path) + (query.empty() ? "" : "?" + query); }

bool Url::is_insecure_loopback() const { return scheme == "http" && (host == "localhost" || host == "127.0.0.1"); }

Result<Url> parse_url(std::string_view text) {
  if (const char* what_to_write = objection(text)) return refused(what_to_write);
  const auto parsed = new_handle();
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(text).c_str(), 0);
  if (code != CURLUE_OK)
    return refused("write it like https://host.example.com/path (" + lower_case(curl_url_strerror(code)) + ")");

  Url url{.scheme = part(parsed.get(), CURLUPART_SCHEME),
          .host = lower_case(part(parsed.get(), CURLUPART_HOST)),
          .path = part(parsed.get(), CURLUPART_PATH),
          .query = part(parsed.get(), CURLUPART_QUERY)};
  const std::string port = part(parsed.get(), CURLUPART_PORT);
  std::from_chars(port.data(), port.data() + port.size(), url.port);
  if (!port.empty() && url.port == 0) return refused("write a port from 1 to 65535");
  return url;
}

Result<Url> resolve_url(const Url& base, std::string_view reference) {
  if (reference.empty() || !std::all_of(reference.begin(), reference.end(), is_visible))
    return refused("write it in ASCII, without blanks");
  const auto handle = new_handle();
  CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, base.text().c_str(), 0);
  if (code == CURLUE_OK) code = curl_url_set(handle.get(), CURLUPART_URL, std::string(reference).c_str(), 0);
  if (code != CURLUE_OK) return refused("it doesn't lead to another (" + lower_case(curl_url_strerror(code)) + ")");
  return parse_url(part(handle.get(), CURLUPART_URL));
}

}  // namespace calint
