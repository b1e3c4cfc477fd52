#include "base/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace calint {
namespace {

struct UrlRelease {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct CurlRelease {
  void operator()(char* text) const { curl_free(text); }
};

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), to_lower);
  return lower;
}

bool is_visible_ascii(char c) { return c > 0x20 && c < 0x7f; }

Error refused(const char* what_to_write) {
  return Error{.fault = Fault::bad_input, .what = std::string("URL: ") + what_to_write};
}

// curl forgives "https:/host", blanks and backslashes; these are refused here before it sees them.
// nullptr where nothing speaks against `text`, else what to write.
const char* objection(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), is_visible_ascii) || text.find('\\') != std::string_view::npos)
    return "write it in ASCII, without blanks and backslashes";
  const size_t colon = std::min(text.find(':'), text.size());
  const std::string scheme = lower_case(text.substr(0, colon));
  std::string_view rest = text.substr(colon);
  if ((scheme != "https" && scheme != "http") || !rest.starts_with("://"))
    return "write an absolute one that starts with https://";
  rest.remove_prefix(3);
  if (rest.find('#') != std::string_view::npos) return "write it without '#' and what follows";
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  if (authority.empty() || authority.starts_with(':')) return "write a host after the scheme";
  if (authority.find('@') != std::string_view::npos) return "write it without user name, password and '@'";
  if (authority.find('%') != std::string_view::npos) return "write the host without '%'";
  return nullptr;
}

std::string part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, 0) != CURLUE_OK) return {};
  std::unique_ptr<char, CurlRelease> owned(text);
  return text;
}

// Runs of '%XX' decoded once; a '%' that begins none stays.
std::string decode_leniently(std::string_view text) {
  std::string decoded;
  for (size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    const char* digits = text.data() + at + 1;
    if (text[at] == '%' && text.size() - at > 2 && std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      decoded += static_cast<char>(value);
      at += 2;
    } else {
      decoded += text[at];
    }
  }
  return decoded;
}

bool has_broken_escape(std::string_view text) {
  auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (to_lower(c) >= 'a' && to_lower(c) <= 'f'); };
  for (size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
    if (text.size() - at < 3 || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return true;
  return false;
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

// Also "..;name", which some servers take for "..".
bool has_dot_segment(std::string_view path) {
  for (size_t begin = 0; begin <= path.size();) {
    const size_t end = std::min(path.find_first_of("/?;", begin), path.size());
    const std::string_view segment = path.substr(begin, end - begin);
    if (segment == "." || segment == "..") return true;
    begin = end + 1;
  }
  return false;
}

bool is_below_auth(std::string_view path) {
  constexpr std::string_view kAuth = "/calendar/auth";
  return path.starts_with(kAuth) &&
         (path.size() == kAuth.size() || std::string_view("/?;").find(path[kAuth.size()]) != std::string_view::npos);
}

bool is_safe_spelling(std::string_view path) {
  const std::string lower = lower_case(path);
  auto has = [&](std::string_view text) { return lower.find(text) != std::string::npos; };
  return std::none_of(path.begin(), path.end(), is_control) && !has("\\") && !has("//") && !has("%2f") &&
         !has("%5c") && !has_dot_segment(path) && !is_below_auth(path);
}

}  // namespace

std::string Url::origin() const {
  const bool is_default = port == 0 || port == (is_https() ? 443 : 80);
  return scheme + "://" + host + (is_default ? "" : ":" + std::to_string(port));
}

bool Url::is_insecure_loopback() const { return scheme == "http" && (host == "localhost" || host == "127.0.0.1"); }

Result<Url> parse_url(std::string_view text) {
  if (const char* what_to_write = objection(text)) return refused(what_to_write);
  std::unique_ptr<CURLU, UrlRelease> parsed(curl_url());
  if (!parsed) throw std::bad_alloc();
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(text).c_str(), 0);
  if (code != CURLUE_OK) return refused(curl_url_strerror(code));

  Url url{.scheme = lower_case(part(parsed.get(), CURLUPART_SCHEME)),
          .host = lower_case(part(parsed.get(), CURLUPART_HOST)),
          .port = 0,
          .path = part(parsed.get(), CURLUPART_PATH),
          .query = part(parsed.get(), CURLUPART_QUERY)};
  const std::string port = part(parsed.get(), CURLUPART_PORT);
  if (!port.empty()) {
    std::from_chars(port.data(), port.data() + port.size(), url.port);
    if (url.port == 0) return refused("write a port from 1 to 65535");
  }
  return url;
}

// Each spelling that decoding can lead to is judged, because what stands between here and the application
// may decode once more. Each round is shorter than the one before.
bool is_safe_return_path(std::string_view path) {
  if (path.size() > 512 || !path.starts_with('/')) return false;
  if (!std::all_of(path.begin(), path.end(), is_visible_ascii)) return false;
  if (path.find('#') != std::string_view::npos || has_broken_escape(path)) return false;
  std::string spelling(path);
  for (;;) {
    if (!is_safe_spelling(spelling)) return false;
    std::string decoded = decode_leniently(spelling);
    if (decoded == spelling) return true;
    spelling = std::move(decoded);
  }
}

}  // namespace calint
