// Check, with tests that register themselves: a test that compiles is a test that runs.
#pragma once

#include <check.h>

#include <string>
#include <string_view>

namespace calint::test {

struct Registration {
  // Adds the test to the suite of its source file. `test` has static storage.
  Registration(const char* file, const TTest* test);
};

// Environment set up once by main() before any test forks (Check forks per test, so what outlives a
// test belongs here). Register at namespace scope: static calint::test::Environment env(start, stop);
struct Environment {
  Environment(void (*start)(), void (*stop)());
};

}  // namespace calint::test

// Defines and registers one test: CALINT_TEST(state_opens_only_in_its_own_session) { ... }
#define CALINT_TEST(name)                                                             \
  static void name##_fn(int _i);                                                      \
  static const TTest name##_ttest = {#name, name##_fn, __FILE__, __LINE__};           \
  static const calint::test::Registration name##_registration(__FILE__, &name##_ttest); \
  static void name##_fn([[maybe_unused]] int _i)

// Compares two strings of any bytes and prints both on failure.
#define CHECK_EQUAL(actual, expected)                                                        \
  do {                                                                                       \
    const std::string check_a(actual), check_b(expected);                                    \
    ck_assert_msg(check_a == check_b, "%s is '%s', expected '%s'", #actual, check_a.c_str(), \
                  check_b.c_str());                                                          \
  } while (0)

#define CHECK(condition) ck_assert_msg((condition), "%s", #condition)

// For a Result or Status, evaluated once: fails with the error's text.
#define CHECK_OK(result)                                                              \
  do {                                                                                \
    const auto& check_r = (result);                                                   \
    ck_assert_msg(check_r.ok(), "%s: %s", #result,                                    \
                  check_r.ok() ? "" : check_r.error().what.c_str());                  \
  } while (0)

#define CHECK_FAULT(result, expected)                                                 \
  do {                                                                                \
    const auto& check_r = (result);                                                   \
    ck_assert_msg(!check_r.ok(), "%s succeeded", #result);                            \
    ck_assert_msg(check_r.error().fault == (expected), "%s: fault %s (%s)", #result,  \
                  std::string(calint::to_string(check_r.error().fault)).c_str(),      \
                  check_r.error().what.c_str());                                      \
  } while (0)
