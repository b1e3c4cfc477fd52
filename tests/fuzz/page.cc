// pages: foreign text (names of calendars and people, an account, a notice) in a page that a person sees. The input
// is a line a field.
#include <algorithm>
#include <vector>

#include "fuzz.h"
#include "pages/pages.h"
#include "pages/renderer.h"

using namespace calint;

namespace {

constexpr size_t kFields = 6;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines(kFields);
  for (std::string& line : lines) {
    line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return lines;
}

std::string page_with(const std::vector<std::string>& text) {
  static const auto renderer = pages::Pages::make("").value();
  pages::SettingsPage page;
  page.user_name = text[0];
  page.user_login = "ivy@ats.example";
  page.csrf = "token";
  page.notice = pages::Banner{.kind = "info", .text = text[1]};
  page.connected = pages::Connected{};
  page.connected->provider_id = "google";
  page.connected->provider_name = "Google Calendar";
  page.connected->account = text[2];
  page.connected->status = ConnectionStatus::error;
  page.connected->calendars = {{.id = "c", .name = text[3], .color = text[4], .detail = text[5], .primary = true}};
  page.connected->trouble = pages::Trouble{.text = text[1], .since = text[5], .offer_retry = true};
  return renderer->in("").settings(page);
}

// What makes a browser read on as something else than text.
auto markup_of(const std::string& page) {
  std::vector<std::ptrdiff_t> counts;
  for (const char c : {'<', '>', '"', '\''}) counts.push_back(std::count(page.begin(), page.end(), c));
  return counts;
}

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

}  // namespace

// With hostile text a page has the markup that it has with harmless text in the same places.
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::vector<std::string> hostile = lines_of(fuzz::text_of(data, size));
  std::vector<std::string> harmless = hostile;
  for (std::string& text : harmless)
    if (!text.empty()) text = "x";
  if (is_color(hostile[4])) harmless[4] = "#000000";
  MUST(markup_of(page_with(hostile)) == markup_of(page_with(harmless)));
  return 0;
}
