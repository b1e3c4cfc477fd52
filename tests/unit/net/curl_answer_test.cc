// How answers of every kind come out.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "requests.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;

namespace {

Result<HttpResponse> answered(LoopbackServer::Script script, size_t max_answer_bytes = 1 << 20) {
  LoopbackServer server(std::move(script));
  CurlTransport transport(plain_http_allowed());
  HttpRequest request = get(server.url("/?secret=EXAMPLE"));
  request.max_answer_bytes = max_answer_bytes;
  return transport.send(request, soon());
}

// What was sent has been sent: the request reached the server.
void check_failed_after_sending(const Result<HttpResponse>& response) {
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(!response.error().nothing_sent);
  CHECK(response.error().what.starts_with("127.0.0.1: "));
  CHECK_EQUAL(response.error().what.find("EXAMPLE"), std::string::npos);
}

std::string gzip(const std::string& text) {
  std::string path = "/tmp/calint-plain-XXXXXX";
  close(mkstemp(path.data()));
  std::ofstream(path) << text;
  FILE* pipe = popen(("gzip -9c " + path).c_str(), "r");
  CHECK(pipe != nullptr);
  std::string packed;
  char buffer[4096];
  while (const size_t count = fread(buffer, 1, sizeof buffer, pipe)) packed.append(buffer, count);
  CHECK_EQUAL(pclose(pipe), 0);
  unlink(path.c_str());
  return packed;
}

}  // namespace

CALINT_TEST(every_status_is_an_answer) {
  for (int status : {200, 204, 301, 400, 401, 403, 404, 429, 500, 503}) {
    auto response = answered(always(answer(status, status == 204 ? "" : "text", "Retry-After: 3\r\n")));
    CHECK_OK(response);
    ck_assert_int_eq(response->status, status);
    CHECK_EQUAL(response->header("retry-after"), "3");
  }
}

CALINT_TEST(a_redirect_is_an_answer_and_is_not_followed) {
  LoopbackServer target(always(answer(200, "never")));
  auto response = answered(always(answer(302, "", "Location: " + target.url() + "\r\n")));
  CHECK_OK(response);
  ck_assert_int_eq(response->status, 302);
  CHECK_EQUAL(response->header("location"), target.url());
  ck_assert_int_eq(target.accepted(), 0);
}

CALINT_TEST(cookies_are_not_kept) {
  std::string second;
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(answer(200, "", "Set-Cookie: a=b\r\n"));
    second = peer.read_request();
    peer.write(answer(200, ""));
  });
  CurlTransport transport(plain_http_allowed());
  CHECK_OK(transport.send(get(server.url()), soon()));
  CHECK_OK(transport.send(get(server.url()), soon()));
  CHECK_EQUAL(second.find("Cookie"), std::string::npos);
}

CALINT_TEST(a_compressed_answer_comes_out_plain) {
  const std::string text(50000, 'a');
  auto response = answered(always(answer(200, gzip(text), "Content-Encoding: gzip\r\n")));
  CHECK_OK(response);
  CHECK(response->body.equals(text));
}

CALINT_TEST(a_compressed_answer_is_bounded_by_its_plain_size) {
  const std::string bomb = gzip(std::string(100 << 20, '\0'));
  CHECK(bomb.size() < 1 << 20);
  auto response = answered(always(answer(200, bomb, "Content-Encoding: gzip\r\n")));
  check_failed_after_sending(response);
  CHECK(response.error().what.ends_with("the answer is longer than allowed"));
}

CALINT_TEST(a_broken_compressed_answer_is_an_error) {
  std::string packed = gzip(std::string(50000, 'a'));
  packed[packed.size() / 2] = static_cast<char>(~packed[packed.size() / 2]);
  check_failed_after_sending(answered(always(answer(200, packed, "Content-Encoding: gzip\r\n"))));
}

CALINT_TEST(an_answer_may_be_as_long_as_allowed_and_no_longer) {
  CHECK_OK(answered(always(answer(200, std::string(1000, 'x'))), 1000));
  check_failed_after_sending(answered(always(answer(200, std::string(1001, 'x'))), 1000));
}

CALINT_TEST(an_endless_answer_ends_at_the_bound) {
  check_failed_after_sending(answered([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n\r\n");
    while (peer.write(std::string(65536, 'x'))) {
    }
  }));
}

CALINT_TEST(endless_headers_end_at_the_bound) {
  check_failed_after_sending(answered([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\n");
    while (peer.write("X-Filler: " + std::string(1000, 'x') + "\r\n")) {
    }
  }));
}

CALINT_TEST(an_answer_that_stops_short_is_an_error) {
  check_failed_after_sending(answered([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  }));
  check_failed_after_sending(answered([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe");
  }));
  check_failed_after_sending(answered([](Peer& peer) { peer.read_request(); }));
}

CALINT_TEST(what_is_not_http_is_an_error) {
  for (const char* bytes : {"SSH-2.0-OpenSSH\r\n", "<html>hello</html>", "HTTP/1.1 OK\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    check_failed_after_sending(answered([bytes](Peer& peer) {
      peer.read_request();
      peer.write(bytes);
    }));
  }
}

CALINT_TEST(an_interim_answer_is_passed_over) {
  auto response = answered([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + answer(200, "real", "X-Real: yes\r\n"));
  });
  CHECK_OK(response);
  ck_assert_int_eq(response->status, 200);
  CHECK_EQUAL(response->header("link"), "");
  CHECK_EQUAL(response->header("x-real"), "yes");
  CHECK(response->body.equals("real"));
}
