#include <set>

#include "page_samples.h"
#include "pages/static_files.h"
#include "support/check.h"

using namespace calint::pages;
using namespace calint::test;

namespace {

constexpr const char* kFiles[] = {"calint.css", "google.svg", "outlook.svg", "apple.svg"};

}  // namespace

CALINT_TEST(static_files_have_a_type_with_a_charset) {
  CHECK_EQUAL(static_file("calint.css")->content_type, "text/css; charset=utf-8");
  CHECK_EQUAL(static_file("google.svg")->content_type, "image/svg+xml; charset=utf-8");
}

CALINT_TEST(an_address_stands_for_the_bytes) {
  constexpr std::string_view kMount = "/calendar/static/";
  std::set<std::string> addresses;
  for (const char* name : kFiles) {
    const std::string url = static_url(name);
    ck_assert_msg(url.starts_with(kMount), "%s", url.c_str());
    const auto file = file_at(std::string_view(url).substr(kMount.size()));
    CHECK(file && file->as_named);
    CHECK(!file->file.bytes.empty());
    CHECK_EQUAL(file->file.bytes, static_file(name)->bytes);
    addresses.insert(url);
  }
  CHECK_EQUAL(addresses.size(), std::size(kFiles));
}

CALINT_TEST(an_address_of_other_bytes_leads_to_the_file_as_it_is) {
  const auto file = file_at("calint-0123456789abcdef.css");
  CHECK(file && !file->as_named);
  CHECK_EQUAL(file->file.bytes, static_file("calint.css")->bytes);
}

CALINT_TEST(nothing_else_is_a_static_file) {
  for (const char* name : {"", "calint", "../templates/head.mustache", "templates/head.mustache", "/calint.css",
                           "sql/migrations/0001_initial.sql", "CALINT.CSS"})
    ck_assert_msg(!static_file(name) && !file_at(name) && static_url(name).empty(), "%s", name);
  for (const char* name :
       {"calint-.css", "-0123456789abcdef.css", "calint-0123456789abcdef", "calint-0123456789ABCDEF.css",
        "calint-0123456789abcde.css", "calint-0123456789abcdef.svg", "calint.css-0123456789abcdef"})
    ck_assert_msg(!file_at(name), "%s", name);
}

CALINT_TEST(static_files_load_nothing_and_run_nothing) {
  for (const char* name : kFiles)
    for (std::string_view forbidden : {"@import", "url(", "<script", "<style", "href"})
      ck_assert_msg(!contains(static_file(name)->bytes, forbidden), "%s has %s", name, std::string(forbidden).c_str());
}
