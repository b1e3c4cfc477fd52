// Thousands of open redirects against is_safe_return_path: known tricks, in every spelling, at every place. Each must
// be refused, or lead a browser to the same site and not into the flow, however often what is behind this server
// decodes the path.
#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/encoding.h"
#include "base/return_path.h"
#include "support/browser_url.h"
#include "support/check.h"

using namespace calint;
using test::resolve_as_browser;

namespace {

const std::vector<std::string> kTricks = {"//evil.example",
                                          "///evil.example",
                                          "////evil.example/x",
                                          "/\\evil.example",
                                          "\\/evil.example",
                                          "\\\\evil.example",
                                          "/\\/evil.example",
                                          "/.//evil.example",
                                          "/./evil.example/..//evil.example",
                                          "/x/..//evil.example",
                                          "/..//evil.example",
                                          "/..;//evil.example",
                                          "/.;/evil.example",
                                          "/;//evil.example",
                                          "//user@evil.example",
                                          "//ats.example.com@evil.example",
                                          "//ats.example.com:x@evil.example/",
                                          "//evil.example:443/",
                                          "//evil.example?x",
                                          "//evil.example#x",
                                          "//[::1]/",
                                          "//2130706433/",
                                          "//localhost",
                                          "https:evil.example",
                                          "https:/evil.example",
                                          "https://evil.example",
                                          "https:\\\\evil.example",
                                          "http:evil.example",
                                          "http://evil.example",
                                          "ftp://evil.example",
                                          "javascript:alert(1)",
                                          "javascript://x/\nalert(1)",
                                          "data:text/html,x",
                                          "/@evil.example",
                                          "/https://evil.example",
                                          "/.evil.example",
                                          "/x\r\nLocation: //evil.example",
                                          "/x\nSet-Cookie: a=b",
                                          "/\r/evil.example",
                                          "/\t/evil.example",
                                          "/ /evil.example",
                                          "/x#//evil.example",
                                          "/x?u=//evil.example",
                                          "/calendar/auth",
                                          "/calendar/auth/google",
                                          "/Calendar/AUTH/google/callback",
                                          "/calendar;x/auth",
                                          "/calendar/auth;x",
                                          "/calendar//auth/google",
                                          "/calendar/./auth/google",
                                          "/x/../calendar/auth/google",
                                          "/calendar\\auth\\google"};

bool is_telling(char c) { return std::string_view("/\\.:;@#?\r\n\t ").find(c) != std::string_view::npos; }

std::string escaped(char c, const char* percent) { return percent + hex_encode({&c, 1}); }

// A slash, backslash or dot as the invalid two-byte form of UTF-8, which some decoders take.
std::string overlong(char c) { return {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 0x3f))}; }

// U+FF0F looks like '/' and some normalise it to that; the others of the block likewise.
std::string fullwidth(char c) {
  return {'\xef', static_cast<char>(0xbc + ((c - 0x20) >> 6)), static_cast<char>(0x80 + ((c - 0x20) & 0x3f))};
}

using Spelling = std::function<std::string(char)>;

// Ways to write a character that matters.
const std::vector<Spelling> kSpellings = {
    [](char c) { return std::string(1, c); },
    [](char c) { return escaped(c, "%"); },
    [](char c) { return c == '/' ? std::string("%2F") : c == '\\' ? std::string("%5C") : escaped(c, "%"); },
    [](char c) { return escaped(c, "%25"); },
    [](char c) { return escaped(c, "%2525"); },
    [](char c) { return escaped(c, "%u00"); },
    [](char c) { return escaped(c, "&#x") + ";"; },
    [](char c) { return escaped(c, "\\x"); },
    [](char c) { return overlong(c); },
    [](char c) { return percent_encode(overlong(c)); },
    [](char c) { return fullwidth(c); },
    [](char c) { return percent_encode(fullwidth(c)); },
    [](char c) { return std::string(1, c) + "\t"; },
    [](char c) { return "\n" + std::string(1, c); },
    [](char c) { return std::string(1, c) + "%09"; },
    [](char c) { return std::string(1, c) + std::string(1, '\0'); },
    [](char c) { return std::string(1, c == '/' ? '\\' : c); },
};

// The trick with every character that matters, or with the first alone, or with all but the first, in this spelling.
std::vector<std::string> spelt(const std::string& trick, const Spelling& spelling) {
  std::string all, first, rest;
  bool is_first = true;
  for (const char c : trick) {
    const std::string other = is_telling(c) ? spelling(c) : std::string(1, c);
    all += other;
    first += is_first ? other : std::string(1, c);
    rest += is_first ? std::string(1, c) : other;
    if (is_telling(c)) is_first = false;
  }
  return {all, first, rest};
}

// All of them, or where each step takes fifty times as long (tests/valgrind) every eighth trick in a spelling.
const std::set<std::string>& payloads() {
  static const std::set<std::string> all = [] {
    const size_t step = std::getenv("CALINT_UNDER_VALGRIND") == nullptr ? 1 : 8;
    std::set<std::string> made;
    size_t at = 0;
    for (const std::string& trick : kTricks)
      for (const Spelling& spelling : kSpellings) {
        if (at++ % step != 0) continue;
        for (const std::string& text : spelt(trick, spelling))
          for (const char* before : {"", "/", "/.", " ", "\t", "/jobs", "/jobs/", "/jobs?u=", "/%2e%2e"})
            for (const char* after : {"", "/", "?x=1", "%00", "#"}) made.insert(before + text + after);
      }
    const std::set<std::string> short_ones = made;
    for (const std::string& text : short_ones)
      if (text.size() < 513 && made.size() < short_ones.size() + 1000)
        made.insert(text + std::string(513 - text.size(), 'a'));
    return made;
  }();
  return all;
}

bool stays(const test::BrowserUrl& landed) {
  std::string path = landed.path + "/";
  for (char& c : path) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return landed.origin == test::kBrowserOrigin && !path.starts_with("/calendar/auth/");
}

// As a lenient decoder reads it: what is no escape stays.
std::string decoded(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = text[at] == '%' ? hex_decode(text.substr(at + 1, 2)) : std::nullopt;
    const bool is_escape = byte && byte->size() == 1;
    out += is_escape ? (*byte)[0] : text[at];
    at += is_escape ? 2 : 0;
  }
  return out;
}

// Also when the path is decoded again and again on its way, and the browser is sent to what came out.
bool is_harmless(const std::string& payload) {
  for (const char c : payload)
    if (c <= ' ' || c == 0x7f) return false;  // more than a Location header may hold
  if (payload.size() > 512 || !stays(resolve_as_browser(payload))) return false;
  std::string path = payload.substr(0, payload.find('?'));
  for (int round = 0; round < 6; ++round) {
    if (!stays(resolve_as_browser(path))) return false;
    path = decoded(path);
  }
  return true;
}

}  // namespace

CALINT_TEST(browsers_are_read_as_the_standard_says) {
  const auto lands = [](std::string_view text, std::string_view origin, std::string_view path) {
    const test::BrowserUrl url = resolve_as_browser(text);
    CHECK_EQUAL(url.origin, origin);
    CHECK_EQUAL(url.path, path);
  };
  const std::string_view ours = test::kBrowserOrigin;
  for (const char* text :
       {"//evil.example", "/\\evil.example", "\\/evil.example", "\t/\n/evil.example", "///evil.example",
        "//ats.example.com@evil.example", "https://evil.example", "HTTPS:\\\\Evil.example"})
    lands(text, "https://evil.example", "/");
  lands("http:evil.example", "http://evil.example", "/");
  lands("javascript:alert(1)", "null", "alert(1)");
  lands("https:evil.example", ours, "/settings/evil.example");
  lands("https:/evil.example", ours, "/evil.example");
  lands("/x/../y/./z", ours, "/y/z");
  lands("/x/%2E%2e/y", ours, "/y");
  lands("/x\\..\\y", ours, "/y");
  lands("/x/..", ours, "/");
  lands("/%2f%2fevil.example", ours, "/%2f%2fevil.example");
  lands("/.//evil.example", ours, "//evil.example");
  lands("x?y", ours, "/settings/x");
  lands("?y", ours, "/settings/calendar");
}

CALINT_TEST(every_open_redirect_is_refused_or_harmless) {
  ck_assert_uint_ge(payloads().size(), 1000);
  for (const std::string& payload : payloads())
    ck_assert_msg(!is_safe_return_path(payload) || is_harmless(payload), "taken as safe: %s",
                  percent_encode(payload).c_str());
}

// Were everything taken, thousands of these would lead away: the test above has teeth.
CALINT_TEST(most_of_the_payloads_are_hostile) {
  size_t hostile = 0, leaving = 0;
  for (const std::string& payload : payloads()) {
    hostile += is_harmless(payload) ? 0 : 1;
    leaving += resolve_as_browser(payload).origin == test::kBrowserOrigin ? 0 : 1;
  }
  ck_assert_uint_ge(hostile, payloads().size() / 2);
  ck_assert_uint_ge(leaving, 1000);
}
