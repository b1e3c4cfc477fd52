// base/return_path against a browser's reading of what it accepts, and against the rule's own words.
#include <string>

#include "base/encoding.h"
#include "base/return_path.h"
#include "fuzz.h"
#include "support/browser_url.h"

using namespace calint;

namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

// Contract, section 4, read from the path as it is and from the path decoded once more.
void check_path(std::string_view path) {
  MUST(path.starts_with('/') && !has(path, "//") && !has(path, "\\"));
  for (const char* escape : {"%2f", "%2F", "%5c", "%5C"}) MUST(!has(path, escape));
  const std::string closed = std::string(path) + "/";
  for (const char* dots : {"/./", "/../"}) MUST(!has(closed, dots));
  for (const char c : path) MUST(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  MUST(!closed.starts_with("/calendar/auth/"));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(fuzz::text_of(data, size));
  if (!is_safe_return_path(input)) return 0;
  MUST(input.size() <= 512);
  const std::string path = input.substr(0, input.find('?'));
  check_path(path);
  check_path(percent_decode(path).value());

  const test::BrowserUrl landed = test::resolve_as_browser(input + (has(input, "?") ? "&" : "?") + "calint_notice=x");
  MUST(landed.origin == test::kBrowserOrigin);
  MUST(landed.path == path);
  MUST(landed.query.ends_with("calint_notice=x"));
  return 0;
}
