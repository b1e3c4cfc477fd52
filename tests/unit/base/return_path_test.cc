// is_safe_return_path against a table of attacks: what moves a browser to another site, into the flow itself,
// or to a path that the next decoder reads differently.
#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/return_path.h"
#include "support/check.h"

using namespace calint;

namespace {

using Paths = std::set<std::string>;

// `byte` as it is, percent-encoded in both cases, and encoded again up to three times.
std::vector<std::string> spellings(char byte) {
  std::string upper = "%" + hex_encode({&byte, 1});
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  std::vector<std::string> all = {std::string(1, byte)};
  for (std::string escape : {upper, "%" + hex_encode({&byte, 1})})
    for (int depth = 0; depth < 4; ++depth) {
      all.push_back(escape);
      escape.insert(1, "25");
    }
  return all;
}

void add_other_sites(Paths& paths) {
  for (const char* text : {"",
                           "x",
                           "jobs/1",
                           "?x",
                           "#",
                           "https://evil.example",
                           "https:evil.example",
                           "http:/evil.example",
                           "javascript:alert(1)",
                           "data:text/html,x",
                           "evil.example/x",
                           "\\\\evil.example",
                           "\\/evil.example",
                           " /x",
                           "\t/x",
                           "\n/x",
                           "//",
                           "///",
                           "//evil.example",
                           "///evil.example",
                           "//evil.example/%2e%2e",
                           "/\\",
                           "/\\evil.example",
                           "/\\/evil.example",
                           "//user@evil.example",
                           "/x//y",
                           "/x//",
                           "/x/\\y",
                           "%2f%2fevil.example",
                           "%2fx",
                           "/;//evil.example",
                           "/x;//evil.example"})
    paths.insert(text);
  for (char slash : {'/', '\\'})
    for (const std::string& spelling : spellings(slash)) {
      paths.insert("/" + spelling + "evil.example");
      paths.insert("/x/" + spelling + "y");
      if (spelling != "/") paths.insert("/x" + spelling + "y?q=1");
    }
}

void add_dot_segments(Paths& paths) {
  Paths dots;
  for (const std::string& dot : spellings('.')) {
    dots.insert({dot, dot + dot, "." + dot, dot + "."});
  }
  for (const std::string& dot : Paths(dots))
    dots.insert({dot + ";", dot + ";v=1", dot + "%3bv", dot + "%3fv", dot + "%2523v"});
  for (const std::string& dot : dots) {
    for (const char* before : {"/", "/x/"})
      for (const char* after : {"", "/", "/y", "?q=1", "/calendar/auth/google"}) paths.insert(before + dot + after);
  }
}

void add_unprintable_bytes(Paths& paths) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    if (byte > 0x20 && byte < 0x7f) continue;
    for (const char* before : {"/", "/x", "/x?q="}) paths.insert(before + std::string(1, c) + "y");
    if (byte == 0x20 || byte >= 0x80) continue;
    for (const std::string& spelling : spellings(c)) paths.insert("/x" + spelling + "Set-Cookie:y");
  }
}

void add_the_flow_itself(Paths& paths) {
  for (const char* text : {"/calendar/auth",          "/calendar/auth/",
                           "/calendar/auth/google",   "/calendar/auth/google/callback",
                           "/calendar/auth?x",        "/calendar/auth/?x",
                           "/calendar//auth",         "//calendar/auth",
                           "/calendar/./auth",        "/x/../calendar/auth",
                           "/calendar/x/../auth",     "/calendar/auth;x",
                           "/calendar/auth;x/google", "/calendar/auth%3fx",
                           "/calendar/auth%3Bx",      "/calendar/auth%23x",
                           "/calendar/auth%2523x",    "/Calendar/AUTH",
                           "/calendar;x/auth",        "/calendar%3bx/auth",
                           "/calendar/auth%2fgoogle", "/calendar/aut%68",
                           "/%63alendar/auth",        "/%63%61%6c%65%6e%64%61%72/%61%75%74%68/google",
                           "/calendar/aut%2568",      "/calendar/aut%252568/google",
                           "/calendar%2fauth",        "/calendar%5cauth",
                           "/calendar\\auth",         "/calendar/auth#",
                           "/calendar/auth\t"})
    paths.insert(text);
}

void add_broken_and_long(Paths& paths) {
  for (const char* text : {"/#",
                           "/x#",
                           "/x#y",
                           "/x?q#y",
                           "/x?q=1#//evil.example",
                           "/%",
                           "/x%",
                           "/%2",
                           "/%zz",
                           "/x%2gy",
                           "/%u002f",
                           "/%%32%66",
                           "/%25zz/%",
                           "/%252e%252e/%25zz",
                           "/%25zz/%252e%252e/y",
                           "/%252fevil.example/%25zz",
                           "/%c0%afevil.example",
                           "/x%c0%ae%c0%ae/y",
                           "/%25c0%25ae",
                           "/x%ff",
                           "/x%c3",
                           "/x%ed%a0%80",
                           "/x?\\",
                           "/x?q=\\\\evil.example"})
    paths.insert(text);
  for (size_t size : {512, 513, 1000, 100000}) paths.insert("/" + std::string(size, 'a'));
  paths.insert("/x?" + std::string(510, 'q'));
}

}  // namespace

CALINT_TEST(no_hostile_return_path_is_safe) {
  Paths paths;
  add_other_sites(paths);
  add_dot_segments(paths);
  add_unprintable_bytes(paths);
  add_the_flow_itself(paths);
  add_broken_and_long(paths);
  ck_assert_uint_ge(paths.size(), 300);
  for (const std::string& path : paths)
    ck_assert_msg(!is_safe_return_path(path), "taken as safe: %s", percent_encode(path).c_str());
}

CALINT_TEST(ordinary_paths_are_safe) {
  for (const char* path : {"/",
                           "/jobs",
                           "/jobs/",
                           "/jobs/42/candidates",
                           "/settings/calendar",
                           "/settings/calendar?tab=calendars",
                           "/calendar",
                           "/calendar/",
                           "/calendar/api/v1",
                           "/calendar/authors",
                           "/calendar/auth-help",
                           "/calendar/authentication/x",
                           "/x/calendar/auth",
                           "/settings/calendar/auth",
                           "/jobs?sort=name&page=2",
                           "/jobs?",
                           "/a%20b",
                           "/m%C3%BCller",
                           "/100%25",
                           "/100%25/x",
                           "/.well-known/x",
                           "/a.b/c..d/e.",
                           "/...",
                           "/..a",
                           "/a..",
                           "/.a/b",
                           "/~user",
                           "/a;b=c/d",
                           "/a:b@c!$&'()*+,=",
                           "/jobs?name=a%20b",
                           "/jobs?note=100%25"})
    ck_assert_msg(is_safe_return_path(path), "refused: %s", path);
}

CALINT_TEST(a_query_may_hold_what_a_path_may_not) {
  for (const char* path : {"/jobs?next=/a/../b", "/jobs?url=https://example.com/x", "/jobs?path=a%2Fb", "/jobs?q=%5c",
                           "/jobs?a=b?c", "/jobs?next=/calendar/auth", "/jobs?q=.."})
    ck_assert_msg(is_safe_return_path(path), "refused: %s", path);
}

CALINT_TEST(a_return_path_has_at_most_512_bytes) {
  CHECK(is_safe_return_path("/" + std::string(511, 'a')));
  CHECK(!is_safe_return_path("/" + std::string(512, 'a')));
}
