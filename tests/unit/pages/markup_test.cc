#include <algorithm>
#include <array>
#include <cctype>

#include "base/paths.h"
#include "page_samples.h"
#include "pages/static_files.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

namespace {

// An attribute whose name starts with "on", as in onclick=.
bool has_event_attribute(std::string_view html) {
  for (auto at = html.find(" on"); at != std::string_view::npos; at = html.find(" on", at + 1)) {
    size_t end = at + 3;
    while (end < html.size() && std::isalpha(static_cast<unsigned char>(html[end])) != 0) ++end;
    if (end > at + 3 && end < html.size() && html[end] == '=') return true;
  }
  return false;
}

}  // namespace

CALINT_TEST(no_page_has_anything_inline_that_the_policy_forbids) {
  for (const NamedHtml& page : all_pages())
    for (std::string_view forbidden : {"<script", "<style", "style=", "javascript:", "data:", "{{", "}}"})
      ck_assert_msg(!contains(page.html, forbidden), "%s has %s", page.name.c_str(), std::string(forbidden).c_str());
  for (const NamedHtml& page : all_pages())
    ck_assert_msg(!has_event_attribute(page.html), "%s has an event attribute", page.name.c_str());
}

// Templates write them out.
CALINT_TEST(every_address_on_a_page_is_one_of_the_modules) {
  int seen = 0;
  for (const NamedHtml& page : all_pages())
    for (const std::string_view attribute : {" href=\"/", " action=\"/", " src=\"/"})
      for (auto at = page.html.find(attribute); at != std::string::npos; at = page.html.find(attribute, at + 1)) {
        const size_t begin = at + attribute.size() - 1;
        const std::string address = page.html.substr(begin, page.html.find_first_of("\"?", begin) - begin);
        ++seen;
        const bool is_ours = std::ranges::any_of(
            std::array{calint::kAuthPath, calint::kSettingsPath, calint::kOrganizationPath, calint::kStaticPath},
            [&](std::string_view path) { return address == path || address.starts_with(std::string(path) + "/"); });
        ck_assert_msg(is_ours, "%s: %s", page.name.c_str(), address.c_str());
      }
  CHECK(seen > 30);
}

CALINT_TEST(every_page_has_a_language_a_title_one_main_and_one_first_heading) {
  for (const NamedHtml& page : all_pages()) {
    const char* name = page.name.c_str();
    ck_assert_msg(page.html.starts_with("<!DOCTYPE html>"), "%s", name);
    for (std::string_view once : {"<html lang=\"en\" dir=\"ltr\">", "<title>", "<main>", "</main>", "<h1>", "</html>",
                                  "<link rel=\"stylesheet\""})
      ck_assert_msg(count(page.html, once) == 1, "%s: %s", name, std::string(once).c_str());
  }
}

CALINT_TEST(every_static_file_that_a_page_names_is_there_under_its_hash) {
  constexpr std::string_view kMount = "\"/calendar/static/";
  size_t found = 0;
  for (const NamedHtml& page : all_pages()) {
    for (auto at = page.html.find(kMount); at != std::string::npos; at = page.html.find(kMount, at + 1)) {
      auto begin = at + kMount.size();
      std::string name = page.html.substr(begin, page.html.find('"', begin) - begin);
      ++found;
      const auto file = file_at(name);
      ck_assert_msg(file && file->as_named, "%s names %s", page.name.c_str(), name.c_str());
    }
  }
  CHECK(found > all_pages().size());
}

CALINT_TEST(every_page_about_a_calendar_names_whose_it_is) {
  for (const NamedHtml& page : all_pages())
    if (!page.name.starts_with("message") && !page.name.starts_with("organization"))
      ck_assert_msg(contains(page.html, "Calendar of <bdi>John Smith</bdi> (<bdi>jsmith</bdi>)"), "%s",
                    page.name.c_str());
}

CALINT_TEST(a_user_without_a_name_is_named_by_login) {
  SettingsPage page = not_connected_page();
  page.user_name.clear();
  CHECK(contains(shipped().settings(page), "Calendar of <bdi>jsmith</bdi>"));
}
