// Every exchange ends in time.
#include <atomic>
#include <chrono>

#include "requests.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

LoopbackServer::Script silent() {
  return [](Peer& peer) {
    while (!peer.read_request().empty()) {
    }
  };
}

class Stopwatch {
 public:
  std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start_);
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

CurlTransport::Options with_total(std::chrono::milliseconds total) {
  CurlTransport::Options options = plain_http_allowed();
  options.total_timeout = total;
  return options;
}

}  // namespace

CALINT_TEST(a_silent_server_is_left_after_the_total_time) {
  LoopbackServer server(silent());
  CurlTransport transport(with_total(300ms));
  const Stopwatch watch;
  auto response = transport.send(get(server.url()), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK_EQUAL(response.error().code, "curl-28");
  CHECK(!response.error().nothing_sent);
  CHECK(watch.elapsed() >= 290ms && watch.elapsed() < 3s);
}

CALINT_TEST(a_nearer_deadline_wins) {
  LoopbackServer server(silent());
  CurlTransport transport(with_total(10s));
  const Stopwatch watch;
  CHECK_FAULT(transport.send(get(server.url()), Deadline::in(200ms)), Fault::unavailable);
  CHECK(watch.elapsed() < 3s);
}

CALINT_TEST(a_dripping_answer_does_not_stretch_the_time) {
  LoopbackServer server([](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (peer.write("x")) std::this_thread::sleep_for(20ms);
  });
  CurlTransport transport(with_total(300ms));
  const Stopwatch watch;
  CHECK_FAULT(transport.send(get(server.url()), soon()), Fault::unavailable);
  CHECK(watch.elapsed() < 3s);
}

CALINT_TEST(nothing_is_tried_once_the_deadline_has_passed) {
  LoopbackServer server(silent());
  CurlTransport transport(with_total(10s));
  auto response = transport.send(get(server.url()), Deadline::in(0ms));
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
  ck_assert_int_eq(server.accepted(), 0);
}

CALINT_TEST(a_server_that_never_shakes_hands_is_left_after_the_connect_time) {
  LoopbackServer server(silent());
  CurlTransport::Options options;
  options.connect_timeout = 300ms;
  CurlTransport transport(options);
  const Stopwatch watch;
  auto response = transport.send(post("https://127.0.0.1:" + std::to_string(server.port()) + "/", "code"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
  CHECK(watch.elapsed() < 3s);
}

CALINT_TEST(a_stopping_process_ends_its_calls) {
  std::atomic<bool> stopping{false};
  LoopbackServer server([&](Peer& peer) {
    peer.read_request();
    stopping = true;
    peer.read_request();
  });
  CurlTransport::Options options = with_total(30s);
  options.stopping = [&] { return stopping.load(); };
  CurlTransport transport(options);
  const Stopwatch watch;
  auto response = transport.send(get(server.url()), Deadline::in(30s));
  CHECK_FAULT(response, Fault::stopping);
  CHECK(response.error().what.ends_with("this process is stopping"));
  CHECK(watch.elapsed() < 5s);
}

CALINT_TEST(a_port_where_nobody_listens_had_nothing_sent) {
  int port = 0;
  { port = LoopbackServer(silent()).port(); }
  CurlTransport transport(plain_http_allowed());
  auto response = transport.send(post("http://127.0.0.1:" + std::to_string(port) + "/", "code"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
  CHECK_EQUAL(response.error().code, "curl-7");
}

CALINT_TEST(a_host_that_does_not_exist_had_nothing_sent) {
  CurlTransport transport({});
  auto response = transport.send(post("https://nowhere.invalid/", "code"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
}
