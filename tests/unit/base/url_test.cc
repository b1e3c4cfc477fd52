#include "base/url.h"

#include "support/check.h"

using namespace calint;

namespace {

void check_parts(std::string_view text, const Url& expected) {
  auto url = parse_url(text);
  CHECK_OK(url);
  CHECK_EQUAL(url->scheme, expected.scheme);
  CHECK_EQUAL(url->host, expected.host);
  CHECK_EQUAL(url->port, expected.port);
  CHECK_EQUAL(url->path, expected.path);
  CHECK_EQUAL(url->query, expected.query);
}

}  // namespace

CALINT_TEST(a_url_is_taken_apart) {
  check_parts("https://ats.example.com/a/b?c=d&e",
              {.scheme = "https", .host = "ats.example.com", .path = "/a/b", .query = "c=d&e"});
  check_parts("HTTP://LocalHost:8080/A%2FB",
              {.scheme = "http", .host = "localhost", .port = 8080, .path = "/A%2FB", .query = ""});
  check_parts("https://[2001:DB8::1]:443/",
              {.scheme = "https", .host = "[2001:db8::1]", .port = 443, .path = "/", .query = ""});
  check_parts("https://ats.example.com/?", {.scheme = "https", .host = "ats.example.com", .path = "/", .query = ""});
  check_parts("https://xn--mller-kva.example/",
              {.scheme = "https", .host = "xn--mller-kva.example", .port = 0, .path = "/"});
}

CALINT_TEST(a_url_without_a_path_means_the_root) {
  auto url = parse_url("https://ats.example.com");
  CHECK_OK(url);
  CHECK(url->path.empty() || url->path == "/");
  CHECK_OK(parse_url("https://ats.example.com?a=b"));
  CHECK_EQUAL(parse_url("https://ats.example.com?a=b")->query, "a=b");
}

CALINT_TEST(an_origin_is_written_as_browsers_do) {
  CHECK_EQUAL(parse_url("https://ATS.example.com/x")->origin(), "https://ats.example.com");
  CHECK_EQUAL(parse_url("https://ats.example.com:443/")->origin(), "https://ats.example.com");
  CHECK_EQUAL(parse_url("http://ats.example.com:80/")->origin(), "http://ats.example.com");
  CHECK_EQUAL(parse_url("http://ats.example.com:443/")->origin(), "http://ats.example.com:443");
  CHECK_EQUAL(parse_url("https://ats.example.com:8443/x?y")->origin(), "https://ats.example.com:8443");
  CHECK_EQUAL(parse_url("http://[::1]:8080/")->origin(), "http://[::1]:8080");
}

CALINT_TEST(only_http_on_the_named_loopback_hosts_is_insecure_loopback) {
  for (const char* text : {"http://localhost/", "http://127.0.0.1:8080", "HTTP://LOCALHOST:1"})
    CHECK(parse_url(text)->is_insecure_loopback());
  for (const char* text : {"https://localhost/", "http://localhost.example.com/", "http://127.0.0.1.example.com/",
                           "http://127.0.0.2/", "http://[::1]/", "http://localhost./", "http://10.0.0.1/"})
    CHECK(!parse_url(text)->is_insecure_loopback());
  CHECK(parse_url("https://ats.example.com")->is_https());
  CHECK(!parse_url("http://ats.example.com")->is_https());
}

CALINT_TEST(what_is_no_absolute_http_url_is_refused) {
  for (const char* text : {"",
                           "/",
                           "/path",
                           "//host/",
                           "host",
                           "host.example.com/path",
                           "host:443",
                           "https:",
                           "https:/",
                           "https://",
                           "https:/host",
                           "https:host",
                           "https:///host/",
                           "https:////host/",
                           "https://?q",
                           "https://:443/",
                           "ftp://host/",
                           "file:///etc/passwd",
                           "javascript:alert(1)",
                           "data:text/html,x",
                           "httpss://host/",
                           " https://host/",
                           "https ://host/",
                           "https://host:0/",
                           "https://host:65536/",
                           "https://host:-1/",
                           "https://host:4a3/",
                           "https://host:443:443/",
                           "https://[::1/",
                           "https://::1/",
                           "https://[::zz]/"})
    CHECK_FAULT(parse_url(text), Fault::bad_input);
}

CALINT_TEST(user_info_and_fragments_are_refused) {
  for (const char* text :
       {"https://user@host/", "https://user:pass@host/", "https://@host/", "https://:@host/",
        "https://good.example@evil.example/", "https://host#", "https://host/#x", "https://host/?a#b"})
    CHECK_FAULT(parse_url(text), Fault::bad_input);
}

CALINT_TEST(characters_that_parsers_disagree_about_are_refused) {
  for (const char* text :
       {"https://host\\evil/", "https:\\\\host/", "https://host/a\\b", "https://ho st/", "https://host/a b",
        "https://host/\n", "\thttps://host/", "https://host/\x7f", "https://h\xc3\xb6st/", "https://host/\xc3\xb6",
        "https://ho%73t/", "https://host%2eevil/", "https://ho\rst/"})
    CHECK_FAULT(parse_url(text), Fault::bad_input);
  CHECK_FAULT(parse_url(std::string_view("https://host\0.evil/", 19)), Fault::bad_input);
}

CALINT_TEST(a_refusal_says_what_to_write_and_repeats_nothing) {
  auto url = parse_url("https://user:hunter2@host/");
  CHECK(!url.error().what.empty());
  CHECK_EQUAL(url.error().what.find("hunter2"), std::string::npos);
}

CALINT_TEST(a_reference_is_resolved_against_where_it_was_found) {
  const Url base = parse_url("https://p42-caldav.icloud.com:443/1/calendars/?a=b").value();
  struct Case {
    const char* reference;
    const char* url;
  };
  for (const Case& one : {Case{"/2/principal/", "https://p42-caldav.icloud.com/2/principal/"},
                          Case{"home/", "https://p42-caldav.icloud.com/1/calendars/home/"},
                          Case{"../other/", "https://p42-caldav.icloud.com/1/other/"},
                          Case{"/a%20b%2F/?c", "https://p42-caldav.icloud.com/a%20b%2F/?c"},
                          Case{"//elsewhere.example/x", "https://elsewhere.example/x"},
                          Case{"http://localhost:8080/x", "http://localhost:8080/x"},
                          Case{"https://P43.example:443/x", "https://p43.example/x"}}) {
    auto url = resolve_url(base, one.reference);
    CHECK_OK(url);
    CHECK_EQUAL(url->text(), one.url);
  }
}

CALINT_TEST(a_reference_that_leads_nowhere_is_refused) {
  const Url base = parse_url("https://host/a/").value();
  for (const char* reference :
       {"", "a b", "/\xc3\xb6", "/a\r\nb", "mailto:avery@example.com", "urn:uuid:1", "ftp://host/",
        "https://user:pass@host/", "//user@host/", "/a#b", "/a\\b", "https://", "file:///etc/passwd"})
    CHECK_FAULT(resolve_url(base, reference), Fault::bad_input);
}

CALINT_TEST(a_url_is_written_with_its_path_and_query) {
  CHECK_EQUAL(parse_url("https://HOST:443")->text(), "https://host/");
  CHECK_EQUAL(parse_url("http://host:8080/a?b=c")->text(), "http://host:8080/a?b=c");
}
