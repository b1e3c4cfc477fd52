// Where a browser goes when a page of https://ats.example.com sends it to a text: the parts of the WHATWG URL
// Standard (https://url.spec.whatwg.org, section 4.4) that decide about the site and the path. Written for tests from
// the standard's states, so that it shares no code and no thought with what it judges.
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace calint::test {

inline constexpr std::string_view kBrowserOrigin = "https://ats.example.com";

struct BrowserUrl {
  std::string origin;  // "null" for schemes without one
  std::string path;    // dot segments resolved, escapes as written
  std::string query;   // without '?'
};

namespace browser_url {

inline std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Section 4.4, steps 1 to 3: controls and spaces around are cut off, tabs and line ends are left out anywhere.
inline std::string stripped(std::string_view text) {
  const auto is_blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  std::string out;
  for (const char c : text)
    if (c != '\t' && c != '\n' && c != '\r') out += c;
  return out;
}

// Empty where the text begins with no scheme.
inline std::string scheme_of(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !std::isalpha(static_cast<unsigned char>(text[0]))) return "";
  for (const char c : text.substr(0, colon))
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '+' && c != '-' && c != '.') return "";
  return lower(text.substr(0, colon));
}

inline bool is_special(std::string_view scheme) {
  for (const char* known : {"http", "https", "ws", "wss", "ftp", "file"})
    if (scheme == known) return true;
  return false;
}

inline bool is_slash(std::string_view text, size_t at) {
  return at < text.size() && (text[at] == '/' || text[at] == '\\');
}

// "%2e" in either case is a dot.
inline bool is_dots(std::string_view segment, size_t count) {
  std::string text = lower(segment);
  for (size_t at = text.find("%2e"); at != std::string::npos; at = text.find("%2e")) text.replace(at, 3, ".");
  return text == std::string(count, '.');
}

// The path state: segments end at '/' or '\'.
inline std::string resolved_path(std::string_view path) {
  std::vector<std::string> kept;
  for (size_t at = 0; at <= path.size();) {
    size_t end = at;
    while (end < path.size() && !is_slash(path, end)) ++end;
    const std::string_view segment = path.substr(at, end - at);
    const bool is_last = end == path.size();
    if (is_dots(segment, 2)) {
      if (!kept.empty()) kept.pop_back();
      if (is_last) kept.emplace_back();
    } else if (is_dots(segment, 1)) {
      if (is_last) kept.emplace_back();
    } else {
      kept.emplace_back(segment);
    }
    at = end + 1;
  }
  std::string out;
  for (const std::string& segment : kept) out += "/" + segment;
  return out;
}

}  // namespace browser_url

// Resolved against kBrowserOrigin + "/settings/calendar".
inline BrowserUrl resolve_as_browser(std::string_view reference) {
  using namespace browser_url;
  const std::string text = stripped(reference);
  std::string scheme = scheme_of(text);
  size_t at = scheme.empty() ? 0 : scheme.size() + 1;
  if (!scheme.empty() && !is_special(scheme)) return {"null", text.substr(at), ""};

  // The base's own scheme without "//" is relative; any other special scheme has a host after any number of slashes.
  bool has_host = is_slash(text, at) && is_slash(text, at + 1);
  if (!scheme.empty() && scheme != "https") has_host = true;
  BrowserUrl url{std::string(kBrowserOrigin), "", ""};
  if (has_host) {
    while (is_slash(text, at)) ++at;
    const size_t end = std::min(text.find_first_of("/\\?#", at), text.size());
    std::string host = text.substr(at, end - at);
    if (const size_t user = host.rfind('@'); user != std::string::npos) host.erase(0, user + 1);
    url.origin = (scheme.empty() ? "https" : scheme) + "://" + lower(host);
    at = end;
  }
  const std::string rest = text.substr(at, text.find('#', at) - at);
  const std::string path = rest.substr(0, rest.find('?'));
  if (path.size() < rest.size()) url.query = rest.substr(path.size() + 1);
  if (is_slash(path, 0))
    url.path = resolved_path(std::string_view(path).substr(1));
  else if (has_host)
    url.path = "/";
  else if (path.empty())
    url.path = "/settings/calendar";
  else
    url.path = resolved_path("settings/" + path);
  return url;
}

}  // namespace calint::test
