#include "base/return_path.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/paths.h"
#include "base/text.h"
#include "base/utf8.h"

namespace calint {
namespace {

constexpr size_t kReturnPathBytes = 512;

// A Location header holds visible ASCII. A backslash is a slash to browsers, and what follows '#' would
// swallow the notice that is added to the query.
bool is_location_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return is_visible(c) && c != '\\' && c != '#'; });
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

// The parts between slashes, up to what some server may cut off before it looks at dot segments: parameters
// after ';' ("/..;/" climbs there), and '?' or '#' that decoding brought to light.
std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> found;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view segment = path.substr(0, path.find('/'));
    found.push_back(segment.substr(0, segment.find_first_of(";?#")));
    path.remove_prefix(segment.size());
  }
  return found;
}

// Back into the flow itself: a signed-in user's browser must not start one by being sent back.
bool is_below_auth(const std::vector<std::string_view>& path) {
  const std::vector<std::string_view> auth = segments(kAuthPath);
  return path.size() >= auth.size() && std::equal(auth.begin(), auth.end(), path.begin(), [](auto ours, auto theirs) {
           return equal_ignoring_case(theirs, ours);
         });
}

bool has_escaped_slash(std::string_view path) {
  for (size_t at = path.find('%'); at != std::string_view::npos; at = path.find('%', at + 1)) {
    const std::string_view escape = path.substr(at, 3);
    if (equal_ignoring_case(escape, "%2f") || equal_ignoring_case(escape, "%5c")) return true;
  }
  return false;
}

// The rules for a path as it stands; `path` starts with '/'. Ill-formed UTF-8 is refused with the controls:
// overlong forms of '/' and '.' pass one decoder and are read by the next.
bool is_safe_as_written(std::string_view path) {
  if (clean_utf8(path, path.size()) != path || path.find_first_of("\\\x7f") != std::string_view::npos) return false;
  if (path.find("//") != std::string_view::npos || has_escaped_slash(path)) return false;
  const std::vector<std::string_view> parts = segments(path);
  const auto is_dots = [](std::string_view part) { return part == "." || part == ".."; };
  return std::none_of(parts.begin(), parts.end(), is_dots) && !is_below_auth(parts);
}

// Every %XX decoded once; a '%' that begins none stays, as it does in lenient decoders.
std::string decode_once(std::string_view text) {
  std::string decoded;
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = text[at] == '%' ? hex_decode(text.substr(at + 1, 2)) : std::nullopt;
    const bool is_escape = byte && byte->size() == 1;
    decoded += is_escape ? (*byte)[0] : text[at];
    if (is_escape) at += 2;
  }
  return decoded;
}

}  // namespace

bool is_safe_return_path(std::string_view path) {
  if (path.size() > kReturnPathBytes || !path.starts_with('/') || !is_location_text(path)) return false;
  std::string written(path.substr(0, path.find('?')));
  if (!percent_decode(written)) return false;

  // A proxy or an application behind this server may decode once more than it should: the rules hold for
  // the path however often it is decoded. Decoding shortens it or leaves it alone, so this ends.
  while (is_safe_as_written(written)) {
    std::string decoded = decode_once(written);
    if (decoded == written) return true;
    written = std::move(decoded);
  }
  return false;
}

}  // namespace calint
