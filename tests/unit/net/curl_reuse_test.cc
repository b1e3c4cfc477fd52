// Kept connections, and what must not be sent twice over them.
#include <atomic>
#include <thread>
#include <vector>

#include "requests.h"
#include "support/certificates.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

// Two requests over one connection.
struct TwoRequests {
  std::string second = {};  // as it arrived
  LoopbackServer server{[this](Peer& peer) {
    peer.read_request();
    peer.write(answer(200, ""));
    second = peer.read_request();
    peer.write(answer(200, ""));
  }};
  CurlTransport transport{plain_http_allowed()};

  std::string second_after(const HttpRequest& first) {
    CHECK_OK(transport.send(first, soon()));
    CHECK_OK(transport.send(get(server.url("/second")), soon()));
    CHECK(second.starts_with("GET /second "));
    ck_assert_int_eq(server.accepted(), 1);
    return second;
  }
};

}  // namespace

CALINT_TEST(a_connection_serves_again) {
  LoopbackServer server(always(answer(200, "ok")));
  CurlTransport transport(plain_http_allowed());
  for (int i = 0; i < 10; ++i) {
    CHECK_OK(transport.send(get(server.url()), soon()));
    CHECK_OK(transport.send(post(server.url(), "a=b"), soon()));
  }
  ck_assert_int_eq(server.accepted(), 1);
}

CALINT_TEST(a_kept_handle_resumes_tls_sessions) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok", "Connection: close\r\n")), &identity);
  CurlTransport transport(trusting(authority.file()));
  for (int i = 0; i < 4; ++i) CHECK_OK(transport.send(get(server.url_at("localhost")), soon()));
  CHECK(server.accepted() >= 4);
  CHECK(server.resumed() >= 3);
}

CALINT_TEST(a_password_is_not_kept_with_the_connection) {
  TwoRequests requests;
  HttpRequest first = get(requests.server.url("/first"));
  first.basic = {.user = "avery", .password = Secret(std::string_view("EXAMPLE"))};
  CHECK_EQUAL(requests.second_after(first).find("Authorization"), std::string::npos);
}

CALINT_TEST(nothing_of_a_request_stays_for_the_next) {
  TwoRequests requests;
  HttpRequest first = post(requests.server.url("/first"), "body=EXAMPLE");
  first.bearer = Secret(std::string_view("EXAMPLE_TOKEN"));
  first.headers.emplace_back("X-First", "EXAMPLE");
  CHECK_EQUAL(requests.second_after(first).find("EXAMPLE"), std::string::npos);
}

namespace {

// Answers the first request of the first connection, reads a second one and closes without a word; later
// connections answer. `requests` counts all that were read.
LoopbackServer::Script dies_at_the_second_request(std::atomic<int>& requests, std::atomic<int>& connections) {
  return [&](Peer& peer) {
    const bool is_first = ++connections == 1;
    while (!peer.read_request().empty()) {
      const int count = ++requests;
      if (is_first && count == 2) return;
      peer.write(answer(200, "ok"));
    }
  };
}

}  // namespace

CALINT_TEST(a_post_is_not_sent_again_when_a_kept_connection_dies) {
  std::atomic<int> requests{0}, connections{0};
  LoopbackServer server(dies_at_the_second_request(requests, connections));
  CurlTransport transport(plain_http_allowed());
  CHECK_OK(transport.send(get(server.url()), soon()));
  auto response = transport.send(post(server.url(), "code=EXAMPLE"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(!response.error().nothing_sent);
  std::this_thread::sleep_for(100ms);
  ck_assert_int_eq(requests, 2);
}

CALINT_TEST(a_get_is_sent_again_when_a_kept_connection_dies) {
  std::atomic<int> requests{0}, connections{0};
  LoopbackServer server(dies_at_the_second_request(requests, connections));
  CurlTransport transport(plain_http_allowed());
  CHECK_OK(transport.send(get(server.url()), soon()));
  CHECK_OK(transport.send(get(server.url()), soon()));
  ck_assert_int_eq(requests, 3);
}

CALINT_TEST(a_propfind_is_sent_again_when_a_kept_connection_dies) {
  std::atomic<int> requests{0}, connections{0};
  LoopbackServer server(dies_at_the_second_request(requests, connections));
  CurlTransport transport(plain_http_allowed());
  HttpRequest request = post(server.url(), "<propfind/>");
  request.method = "PROPFIND";
  CHECK_OK(transport.send(request, soon()));
  CHECK_OK(transport.send(request, soon()));
  ck_assert_int_eq(requests, 3);
}

CALINT_TEST(a_connection_that_was_closed_meanwhile_is_noticed_before_anything_is_sent) {
  std::atomic<int> requests{0};
  LoopbackServer server([&](Peer& peer) {
    if (peer.read_request().empty()) return;
    ++requests;
    peer.write(answer(200, "ok"));
  });
  CurlTransport transport(plain_http_allowed());
  for (int i = 0; i < 5; ++i) {
    CHECK_OK(transport.send(post(server.url(), "a=b"), soon()));
    std::this_thread::sleep_for(50ms);
  }
  ck_assert_int_eq(requests, 5);
  ck_assert_int_eq(server.accepted(), 5);
}

CALINT_TEST(threads_share_the_handles_and_keep_no_more_than_allowed) {
  constexpr int kThreads = 8, kEach = 25;
  LoopbackServer server(always(answer(200, "ok")));
  CurlTransport::Options options = plain_http_allowed();
  options.max_idle = 4;
  CurlTransport transport(options);
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < kEach; ++j) {
        auto response = transport.send(post(server.url(), "a=" + std::to_string(j)), soon());
        if (response && response->status == 200 && response->body.equals("ok")) ++good;
      }
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert_int_eq(good, kThreads * kEach);
  CHECK(server.accepted() < kThreads * kEach / 2);

  const int before = server.accepted();
  for (int i = 0; i < 10; ++i) CHECK_OK(transport.send(get(server.url()), soon()));
  ck_assert_int_eq(server.accepted(), before);
}
