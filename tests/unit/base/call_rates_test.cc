#include "base/call_rates.h"

#include "support/check.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

constexpr CallRate kRate{.burst = 3, .per_second = 2};
const CallRates::Time kStart = CallRates::Time(1h);

}  // namespace

CALINT_TEST(a_burst_is_followed_by_so_many_a_second) {
  CallRates rates;
  for (int call = 0; call < 3; ++call) CHECK(rates.take("a", kRate, kStart) == 0s);
  CHECK(rates.take("a", kRate, kStart) == 1s);
  CHECK(rates.take("a", kRate, kStart + 499ms) == 1s);
  CHECK(rates.take("a", kRate, kStart + 500ms) == 0s);
  CHECK(rates.take("a", kRate, kStart + 500ms) == 1s);
  for (int call = 0; call < 3; ++call) CHECK(rates.take("a", kRate, kStart + 10s) == 0s);
  CHECK(rates.take("a", kRate, kStart + 10s) == 1s);
}

CALINT_TEST(callers_have_rates_of_their_own) {
  CallRates rates;
  for (int call = 0; call < 3; ++call) CHECK(rates.take("a", kRate, kStart) == 0s);
  CHECK(rates.take("a", kRate, kStart) > 0s);
  CHECK(rates.take("b", kRate, kStart) == 0s);
}

CALINT_TEST(memory_is_bounded_and_who_comes_too_late_isnt_counted) {
  CallRates rates;
  for (size_t caller = 0; caller < CallRates::kMostCallers; ++caller)
    CHECK(rates.take(std::to_string(caller), {.burst = 1, .per_second = 1}, kStart) == 0s);
  for (int call = 0; call < 10; ++call) CHECK(rates.take("new", kRate, kStart) == 0s);
  CHECK(rates.take("7", {.burst = 1, .per_second = 1}, kStart) == 1s);
  CHECK(rates.take("new", {.burst = 1, .per_second = 1}, kStart + 2s) == 0s);
  CHECK(rates.take("new", {.burst = 1, .per_second = 1}, kStart + 2s) == 1s);
}
