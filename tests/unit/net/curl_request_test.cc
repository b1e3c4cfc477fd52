// What a server gets to see.
#include <future>

#include "requests.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;

namespace {

// Sends one request and returns it as the server read it.
std::string as_received(HttpRequest request, CurlTransport::Options options = plain_http_allowed()) {
  std::promise<std::string> received;
  LoopbackServer server([&](Peer& peer) {
    received.set_value(peer.read_request());
    peer.write(answer(200, "ok"));
  });
  request.url = server.url(request.url);
  CurlTransport transport(std::move(options));
  auto response = transport.send(request, soon());
  CHECK_OK(response);
  CHECK(response->body.equals("ok"));
  return received.get_future().get();
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

CALINT_TEST(a_get_has_no_body_and_names_this_module) {
  const std::string request = as_received(get("/path?a=b"));
  CHECK(request.starts_with("GET /path?a=b HTTP/1.1\r\n"));
  CHECK(contains(request, "\r\nUser-Agent: mod_calint/" CALINT_VERSION "\r\n"));
  CHECK(contains(request, "\r\nAccept-Encoding: gzip\r\n"));
  for (const char* unwanted : {"Content-Length", "Content-Type", "Authorization", "Cookie", "Expect", "Referer"})
    ck_assert_msg(!contains(request, unwanted), "%s in %s", unwanted, request.c_str());
}

CALINT_TEST(a_post_carries_its_body_and_its_type) {
  const std::string body = std::string(3000, 'x') + "&code=4%2F0A";
  const std::string request = as_received(post("/token", body));
  CHECK(request.starts_with("POST /token HTTP/1.1\r\n"));
  CHECK(contains(request, "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
  CHECK(contains(request, "\r\nContent-Length: 3012\r\n"));
  CHECK(!contains(request, "Expect"));
  CHECK(request.ends_with("\r\n\r\n" + body));
}

CALINT_TEST(a_bearer_token_goes_into_its_header_once) {
  HttpRequest request = get("/");
  request.bearer = Secret(std::string_view("EXAMPLE_TOKEN"));
  const std::string received = as_received(request);
  const size_t at = received.find("\r\nAuthorization: Bearer EXAMPLE_TOKEN\r\n");
  CHECK(at != std::string::npos);
  CHECK_EQUAL(received.find("EXAMPLE_TOKEN", at + 40), std::string::npos);
}

// The examples of RFC 7617, 2 and 2.1, and a password with a colon.
CALINT_TEST(user_and_password_go_out_at_once_as_basic) {
  struct Case {
    const char* user;
    const char* password;
    const char* sent;
  };
  for (const Case& one : {Case{"Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="},
                          Case{"test", "123\xc2\xa3", "dGVzdDoxMjPCow=="}, Case{"u", "a:b", "dTphOmI="}}) {
    HttpRequest request = get("/");
    request.basic = {.user = one.user, .password = Secret(std::string_view(one.password))};
    const std::string received = as_received(request);
    const std::string field = std::string("\r\nAuthorization: Basic ") + one.sent + "\r\n";
    ck_assert_msg(contains(received, field), "%s", received.c_str());
    CHECK_EQUAL(received.find("Authorization"), received.rfind("Authorization"));
  }
}

CALINT_TEST(a_refused_password_is_not_sent_again) {
  int requests = 0;
  LoopbackServer server([&](Peer& peer) {
    while (!peer.read_request().empty()) {
      ++requests;
      peer.write(answer(401, "", "WWW-Authenticate: X-MobileMe-AuthToken realm=\"MMCalDav\"\r\n"
                                 "WWW-Authenticate: Basic realm=\"MMCalDav\"\r\n"));
    }
  });
  HttpRequest request = get(server.url());
  request.basic = {.user = "avery@example.com", .password = Secret(std::string_view("s3cret-A"))};
  {
    CurlTransport transport(plain_http_allowed());
    auto response = transport.send(request, soon());
    CHECK_OK(response);
    ck_assert_int_eq(response->status, 401);
  }
  ck_assert_int_eq(requests, 1);
}

CALINT_TEST(a_propfind_has_its_depth_and_its_body) {
  HttpRequest request = post("/home/", "<propfind/>");
  request.method = "PROPFIND";
  request.headers = {{"Content-Type", "application/xml"}, {"Depth", "1"}};
  const std::string received = as_received(request);
  CHECK(received.starts_with("PROPFIND /home/ HTTP/1.1\r\n"));
  CHECK(contains(received, "\r\nDepth: 1\r\n"));
  CHECK(received.ends_with("\r\n\r\n<propfind/>"));
}

CALINT_TEST(patch_and_delete_are_sent_as_they_are_called) {
  HttpRequest patch = post("/", "{}");
  patch.method = "PATCH";
  patch.headers = {{"Content-Type", "application/json"}, {"If-Match", "\"1\""}};
  const std::string received = as_received(patch);
  CHECK(received.starts_with("PATCH / HTTP/1.1\r\n"));
  CHECK(contains(received, "\r\nIf-Match: \"1\"\r\n"));
  CHECK(received.ends_with("\r\n\r\n{}"));

  HttpRequest removal = get("/");
  removal.method = "DELETE";
  const std::string second = as_received(removal);
  CHECK(second.starts_with("DELETE / HTTP/1.1\r\n"));
  CHECK(!contains(second, "Content-Type"));
}

CALINT_TEST(an_empty_post_has_length_zero) {
  CHECK(contains(as_received(post("/", "")), "\r\nContent-Length: 0\r\n"));
}

CALINT_TEST(proxies_of_the_environment_are_not_asked) {
  for (const char* name : {"http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"})
    setenv(name, "http://127.0.0.1:1", 1);
  CHECK(as_received(get("/")).starts_with("GET / "));
}

CALINT_TEST(plain_http_never_takes_the_configured_proxy) {
  CurlTransport::Options options = plain_http_allowed();
  options.proxy = "http://127.0.0.1:1";
  CHECK(as_received(get("/"), options).starts_with("GET / "));
}

CALINT_TEST(https_goes_through_the_configured_proxy_as_a_tunnel) {
  std::promise<std::string> received;
  LoopbackServer proxy([&](Peer& peer) {
    received.set_value(peer.read_request());
    peer.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  setenv("NO_PROXY", "*", 1);
  CurlTransport::Options options;
  options.proxy = proxy.url();
  CurlTransport transport(options);
  auto response = transport.send(post("https://provider.example/token", "code=EXAMPLE"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
  const std::string request = received.get_future().get();
  CHECK(request.starts_with("CONNECT provider.example:443 HTTP/1.1\r\n"));
  CHECK(!contains(request, "EXAMPLE"));
}

CALINT_TEST(what_could_begin_another_header_is_refused_unsent) {
  CurlTransport transport(plain_http_allowed());
  HttpRequest request = get("http://127.0.0.1:1/");
  request.headers = {{"X", "a\r\nY: b"}};
  CHECK_FAULT(transport.send(request, soon()), Fault::bad_input);
  request.headers.clear();
  request.bearer = Secret(std::string_view("a\r\nY: b"));
  auto refused = transport.send(request, soon());
  CHECK_FAULT(refused, Fault::bad_input);
  CHECK(refused.error().nothing_sent);
  CHECK(!contains(refused.error().what, "Y:"));
  request.bearer.reset();
  request.basic = {.user = "avery", .password = Secret(std::string_view("s3cret\r\nY: b"))};
  refused = transport.send(request, soon());
  CHECK_FAULT(refused, Fault::bad_input);
  CHECK(refused.error().nothing_sent);
  CHECK(!contains(refused.error().what, "s3cret"));
}

CALINT_TEST(only_https_is_allowed_and_http_to_this_host_where_configured) {
  CurlTransport strict({});
  CurlTransport loose(plain_http_allowed());
  for (const char* url : {"http://127.0.0.1:1/", "http://localhost:1/"}) {
    CHECK_FAULT(strict.send(get(url), soon()), Fault::bad_input);
    CHECK_FAULT(loose.send(get(url), soon()), Fault::unavailable);
  }
  for (const char* url : {"http://provider.example/", "http://127.0.0.2:1/", "http://[::1]:1/", "ftp://127.0.0.1/",
                          "file:///etc/passwd", "http://localhost.provider.example/", "not a url", ""}) {
    auto refused = loose.send(get(url), soon());
    ck_assert_msg(!refused.ok() && refused.error().fault == Fault::bad_input, "%s", url);
    ck_assert_msg(refused.error().nothing_sent, "%s", url);
  }
}
