// base/url: provider URLs, CalIntPublicURL, and links that a provider sends.
#include "base/url.h"

#include <algorithm>

#include "fuzz.h"

using namespace calint;

namespace {

bool is_visible(char c) { return c > ' ' && c < 0x7f; }

void check_url(const Url& url) {
  MUST(url.scheme == "https" || url.scheme == "http");
  MUST(!url.host.empty() && url.host.find_first_of("/\\@?#% ") == std::string::npos);
  MUST(std::none_of(url.host.begin(), url.host.end(), [](char c) { return c >= 'A' && c <= 'Z'; }));
  MUST(url.port >= 0 && url.port <= 65535);
  MUST(url.path.empty() || url.path.starts_with('/'));
  MUST(url.path.find_first_of("?#") == std::string::npos && url.query.find('#') == std::string::npos);
  for (const std::string& part : {url.host, url.path, url.query})
    MUST(std::all_of(part.begin(), part.end(), is_visible));
  MUST(!url.is_insecure_loopback() || !url.is_https());
}

// The same bytes as a reference in a document at another URL.
void check_reference(std::string_view input) {
  const Url base{.scheme = "https", .host = "host", .port = 8443, .path = "/a/b"};
  const auto url = resolve_url(base, input);
  if (!url) {
    MUST(url.error().fault == Fault::bad_input && fuzz::fit_to_log(url.error()));
    return;
  }
  check_url(*url);
  if (input.starts_with('/') && !input.starts_with("//")) MUST(url->origin() == base.origin());
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  check_reference(input);
  const auto url = parse_url(input);
  if (!url) {
    MUST(url.error().fault == Fault::bad_input && fuzz::fit_to_log(url.error()));
    const auto other = parse_url(fuzz::with_other_secret(input));
    MUST(!other && fuzz::same_words(url.error(), other.error()));
    return 0;
  }
  check_url(*url);
  // What it was taken for, written again, is taken for the same.
  const auto again = parse_url(url->origin() + url->path + (url->query.empty() ? "" : "?" + url->query));
  MUST(again.ok());
  check_url(*again);
  MUST(again->origin() == url->origin() && again->path == url->path && again->query == url->query);
  MUST(parse_url(url->text())->text() == url->text());
  return 0;
}
