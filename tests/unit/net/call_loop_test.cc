#include "net/call_loop.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "requests.h"
#include "support/certificates.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

using Time = std::chrono::steady_clock;

void run(CallLoop& loop) {
  while (loop.running() > 0) loop.wait(1s);
}

// Answers when so many requests are there.
class Meeting {
 public:
  explicit Meeting(int guests) : guests_(guests) {}
  LoopbackServer::Script script() {
    return [this](Peer& peer) {
      while (!peer.read_request().empty()) {
        std::unique_lock lock(mutex_);
        ++come_;
        all_.notify_all();
        if (!all_.wait_for(lock, 8s, [this] { return come_ >= guests_; })) return;
        lock.unlock();
        peer.write(answer(200, "met"));
      }
    };
  }

 private:
  const int guests_;
  std::mutex mutex_;
  std::condition_variable all_;
  int come_ = 0;  // guarded by mutex_
};

}  // namespace

CALINT_TEST(calls_of_one_thread_are_under_way_at_once) {
  constexpr int kCalls = 40;
  Meeting meeting(kCalls);
  LoopbackServer server(meeting.script());
  CurlTransport transport(plain_http_allowed());
  CallLoop loop(kCalls);
  int answered = 0;
  for (int i = 0; i < kCalls; ++i)
    loop.start([&] {
      auto response = transport.send(get(server.url()), soon());
      CHECK_OK(response);
      CHECK_EQUAL(response->body.reveal(), "met");
      ++answered;
    });
  ck_assert_int_eq(static_cast<int>(loop.running()), kCalls);
  run(loop);
  ck_assert_int_eq(answered, kCalls);
}

CALINT_TEST(a_task_sends_one_request_after_the_other_over_one_connection) {
  LoopbackServer server(always(answer(200, "ok")));
  CurlTransport transport(plain_http_allowed());
  CallLoop loop(4);
  for (int task = 0; task < 3; ++task) {
    loop.start([&] {
      for (int i = 0; i < 5; ++i) {
        CHECK_OK(transport.send(get(server.url()), soon()));
        CHECK_OK(transport.send(post(server.url(), "a=b"), soon()));
      }
    });
    run(loop);
  }
  ck_assert_int_eq(server.accepted(), 1);
}

CALINT_TEST(tls_is_verified_and_connections_are_kept) {
  const CertificateAuthority authority, foreign;
  const ServerIdentity identity = authority.issue("localhost"), forged = foreign.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity), impostor(always(answer(200, "ok")), &forged);
  CurlTransport transport(trusting(authority.file()));
  CallLoop loop(4);
  loop.start([&] {
    for (int i = 0; i < 4; ++i) CHECK_OK(transport.send(get(server.url_at("localhost")), soon()));
    auto refused = transport.send(get(impostor.url_at("localhost")), soon());
    CHECK(!refused);
    CHECK(refused.error().what.find("certificate was not accepted") != std::string::npos);
  });
  run(loop);
  ck_assert_int_eq(server.accepted(), 1);
}

CALINT_TEST(a_call_that_hangs_ends_in_time_and_holds_no_other_up) {
  LoopbackServer silent([](Peer& peer) {
    while (!peer.read_request().empty()) {
    }
  });
  LoopbackServer server(always(answer(200, "ok")));
  CurlTransport transport(plain_http_allowed());
  CallLoop loop(4);
  const auto begun = Time::now();
  Time::duration hung{}, answered{};
  loop.start([&] {
    auto response = transport.send(get(silent.url()), Deadline::in(700ms));
    CHECK(!response);
    CHECK_EQUAL(response.error().code, "curl-28");
    hung = Time::now() - begun;
  });
  loop.start([&] {
    for (int i = 0; i < 20; ++i) CHECK_OK(transport.send(get(server.url()), soon()));
    answered = Time::now() - begun;
  });
  run(loop);
  CHECK(answered < hung);
  CHECK(hung >= 690ms && hung < 3s);
}

CALINT_TEST(an_answer_that_came_while_the_thread_was_held_up_is_taken) {
  std::atomic<bool> is_asked{false};
  LoopbackServer server([&](Peer& peer) {
    if (peer.read_request().empty()) return;
    is_asked = true;
    std::this_thread::sleep_for(100ms);
    peer.write(answer(200, "late"));
  });
  CurlTransport transport(plain_http_allowed());
  CallLoop loop(4);
  bool is_answered = false;
  loop.start([&] {
    auto response = transport.send(post(server.url(), "a=b"), Deadline::in(2s));
    CHECK_OK(response);
    CHECK_EQUAL(response->body.reveal(), "late");
    is_answered = true;
  });
  while (!is_asked) loop.wait(5ms);
  std::this_thread::sleep_for(2500ms);
  run(loop);
  CHECK(is_answered);
}

CALINT_TEST(a_call_without_an_answer_ends_soon_after_the_thread_was_held_up) {
  std::atomic<bool> is_asked{false};
  LoopbackServer silent([&](Peer& peer) {
    while (!peer.read_request().empty()) is_asked = true;
  });
  CurlTransport transport(plain_http_allowed());
  CallLoop loop(4);
  loop.start([&] {
    auto response = transport.send(get(silent.url()), Deadline::in(500ms));
    CHECK(!response);
    CHECK_EQUAL(response.error().code, "curl-28");
  });
  while (!is_asked) loop.wait(5ms);
  std::this_thread::sleep_for(1s);
  const auto begun = Time::now();
  run(loop);
  CHECK(Time::now() - begun < 2s);
}

CALINT_TEST(a_stop_ends_the_calls) {
  LoopbackServer silent([](Peer& peer) {
    while (!peer.read_request().empty()) {
    }
  });
  bool stopping = false;
  CurlTransport::Options options = plain_http_allowed();
  options.stopping = [&] { return stopping; };
  CurlTransport transport(options);
  CallLoop loop(4);
  int ended = 0;
  for (int i = 0; i < 3; ++i)
    loop.start([&] {
      CHECK(!transport.send(get(silent.url()), soon()));
      ++ended;
    });
  loop.wait(50ms);
  ck_assert_int_eq(ended, 0);
  stopping = true;
  const auto begun = Time::now();
  while (loop.running() > 0) loop.wait(50ms);
  CHECK(Time::now() - begun < 1s);
  ck_assert_int_eq(ended, 3);
}

CALINT_TEST(a_pause_holds_no_other_up) {
  CallLoop loop(1);
  std::string order;
  const auto begun = Time::now();
  for (auto [name, time] : {std::pair{"late ", 1000ms}, {"early ", 400ms}})
    loop.start([&order, name = name, time = time] {
      pause(time);
      order += name;
    });
  run(loop);
  CHECK_EQUAL(order, "early late ");
  CHECK(Time::now() - begun >= 1000ms);
  CHECK(Time::now() - begun < 1390ms);
}

CALINT_TEST(a_task_starts_another_and_goes_on) {
  CallLoop loop(2);
  std::string order;
  loop.start([&] {
    loop.start([&] {
      pause(100ms);
      order += "second ";
    });
    CHECK_EQUAL(CallLoop::current(), &loop);
    pause(400ms);
    order += "first ";
  });
  ck_assert_int_eq(static_cast<int>(loop.running()), 2);
  run(loop);
  CHECK_EQUAL(order, "second first ");
}

CALINT_TEST(elsewhere_a_pause_is_a_sleep) {
  const auto begun = Time::now();
  CHECK(CallLoop::current() == nullptr);
  pause(60ms);
  CHECK(Time::now() - begun >= 60ms);
}

CALINT_TEST(a_wait_ends_at_its_limit) {
  CallLoop loop(1);
  loop.start([] { pause(1s); });
  const auto begun = Time::now();
  loop.wait(50ms);
  CHECK(Time::now() - begun < 900ms);
  ck_assert_int_eq(static_cast<int>(loop.running()), 1);
  run(loop);
}

CALINT_TEST(a_task_that_throws_ends_and_the_others_go_on) {
  CallLoop loop(1);
  bool has_ended = false;
  loop.start([&] {
    pause(20ms);
    has_ended = true;
  });
  loop.start([] {
    pause(10ms);
    throw std::runtime_error("a bug");
  });
  int caught = 0;
  while (loop.running() > 0) try {
      loop.wait(100ms);
    } catch (const std::runtime_error&) {
      ++caught;
    }
  ck_assert_int_eq(caught, 1);
  CHECK(has_ended);
}
