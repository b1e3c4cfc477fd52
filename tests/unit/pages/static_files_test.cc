#include <set>

#include "page_samples.h"
#include "pages/pages.h"
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

CALINT_TEST(tags_are_quoted_stable_and_differ_with_the_bytes) {
  std::set<std::string> tags;
  for (const char* name : kFiles) {
    auto file = static_file(name);
    ck_assert_msg(file.has_value() && !file->bytes.empty(), "%s", name);
    ck_assert_msg(file->etag.size() == 34 && file->etag.front() == '"' && file->etag.back() == '"', "%s",
                  file->etag.c_str());
    CHECK_EQUAL(static_file(name)->etag, file->etag);
    tags.insert(file->etag);
  }
  CHECK(tags.size() == std::size(kFiles));
}

CALINT_TEST(nothing_else_is_a_static_file) {
  for (const char* name : {"", "calint", "../templates/head.mustache", "templates/head.mustache", "/calint.css",
                           "sql/migrations/0001_initial.sql", "CALINT.CSS"})
    ck_assert_msg(!static_file(name), "%s", name);
}

CALINT_TEST(static_files_load_nothing_and_run_nothing) {
  for (const char* name : kFiles)
    for (std::string_view forbidden : {"@import", "url(", "<script", "<style", "href"})
      ck_assert_msg(!contains(static_file(name)->bytes, forbidden), "%s has %s", name, std::string(forbidden).c_str());
}
