#include "base/troubles.h"

#include <fmt/format.h>

#include <thread>
#include <vector>

#include "support/check.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

class HandClock final : public Clock {
 public:
  Instant now() const override { return at; }
  Instant at{std::chrono::hours(1)};
};

class Lines final : public LogSink {
 public:
  void write(LogLevel level, std::string_view tag, std::string_view text) override {
    const std::lock_guard lock(mutex_);
    all.push_back({level, tag, std::string(text)});
  }
  size_t loud() const {
    size_t count = 0;
    for (const Line& line : all) count += line.level != LogLevel::debug;
    return count;
  }
  const Line& last() const { return all.back(); }
  std::vector<Line> all;

 private:
  std::mutex mutex_;
};

const Line kAway{LogLevel::warning, "CALINT0205", "no connection"};

struct Bench {
  HandClock clock;
  Troubles troubles{clock};
  Lines log;

  void met(std::string_view key = "the database") { troubles.met(log, key, kAway); }
  void over(std::string_view key = "the database") { troubles.over(log, key); }
};

}  // namespace

CALINT_TEST(a_trouble_is_told_when_it_begins_once_a_minute_and_when_it_is_over) {
  Bench bench;
  for (int second = 0; second < 150; ++second, bench.clock.at += 1s) bench.met();
  ck_assert_uint_eq(bench.log.loud(), 3);
  ck_assert_uint_eq(bench.log.all.size(), 150);
  CHECK_EQUAL(bench.log.all.at(0).text, "no connection");
  CHECK_EQUAL(bench.log.all.at(60).text, "no connection (60 times in 60 s)");
  CHECK_EQUAL(bench.log.all.at(60).level, LogLevel::warning);
  CHECK_EQUAL(bench.log.all.at(61).text, "no connection");
  CHECK_EQUAL(bench.log.all.at(61).level, LogLevel::debug);
  bench.over();
  CHECK_EQUAL(bench.log.last().level, LogLevel::notice);
  CHECK_EQUAL(bench.log.last().tag, "CALINT0205");
  CHECK_EQUAL(bench.log.last().text, "the database: over after 150 s, it was met 150 times; the last: no connection");
}

CALINT_TEST(what_works_is_no_news) {
  Bench bench;
  bench.over();
  CHECK(!bench.troubles.any());
  bench.met();
  CHECK(bench.troubles.any());
  bench.over("google");
  bench.over();
  bench.over();
  ck_assert_uint_eq(bench.log.all.size(), 2);
  CHECK(!bench.troubles.any());
}

CALINT_TEST(troubles_are_told_apart) {
  Bench bench;
  bench.met("google");
  bench.met("outlook");
  bench.over("google");
  CHECK(bench.log.last().text.starts_with("google: over"));
  CHECK(bench.troubles.any());
  bench.met("outlook");
  ck_assert_uint_eq(bench.log.loud(), 3);
}

CALINT_TEST(what_comes_and_goes_is_two_lines_a_minute) {
  Bench bench;
  for (int second = 0; second < 600; ++second, bench.clock.at += 1s) second % 2 == 0 ? bench.met() : bench.over();
  ck_assert_uint_le(bench.log.loud(), 22);
  ck_assert_uint_ge(bench.log.loud(), 18);
}

CALINT_TEST(a_trouble_that_comes_back_after_a_minute_begins_anew) {
  Bench bench;
  bench.met();
  bench.over();
  bench.clock.at += 61s;
  bench.met();
  CHECK_EQUAL(bench.log.last().level, LogLevel::warning);
  CHECK_EQUAL(bench.log.last().text, "no connection");
  bench.clock.at += 5s;
  bench.over();
  CHECK(bench.log.last().text.starts_with("the database: over after 5 s, it was met 1 times"));
}

CALINT_TEST(a_clock_that_is_set_back_silences_nothing) {
  Bench bench;
  bench.met();
  bench.clock.at -= 30min;
  bench.met();
  ck_assert_uint_eq(bench.log.loud(), 2);
}

CALINT_TEST(more_troubles_than_anybody_has_are_forgotten_one_by_one) {
  Bench bench;
  for (int i = 0; i < 1000; ++i, bench.clock.at += 1ms) bench.met(fmt::format("client {}", i));
  ck_assert_uint_eq(bench.log.loud(), 1000);
  bench.over("client 3");
  ck_assert_uint_eq(bench.log.loud(), 1000);
  for (int i = 900; i < 1000; ++i) bench.over(fmt::format("client {}", i));
  ck_assert_uint_eq(bench.log.loud(), 1064);
  CHECK(!bench.troubles.any());
}

CALINT_TEST(threads_may_meet_the_same_trouble_at_once) {
  Bench bench;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) bench.met();
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert_uint_eq(bench.log.loud(), 1);
  bench.over();
  CHECK(bench.log.last().text.find("met 8000 times") != std::string::npos);
}
