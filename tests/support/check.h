// Check, with tests that register themselves: a test that compiles is a test that runs.
#pragma once

#include <check.h>

#include <concepts>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

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

template <typename T>
concept Text = std::convertible_to<const T&, std::string_view>;

template <typename A, typename B>
bool is_equal(const A& a, const B& b) {
  if constexpr (Text<A> && Text<B>)
    return std::string_view(a) == std::string_view(b);
  else if constexpr (std::integral<A> && std::integral<B> && !std::same_as<A, bool> && !std::same_as<B, bool>)
    return std::cmp_equal(a, b);
  else
    return a == b;
}

// A value that outlives the expression that it came from.
template <typename T>
auto kept(T&& value) {
  if constexpr (Text<std::remove_cvref_t<T>>)
    return std::string(value);
  else
    return std::remove_cvref_t<T>(std::forward<T>(value));
}

// A value as a failed test prints it.
template <typename T>
std::string shown(const T& value) {
  if constexpr (Text<T>)
    return std::string(std::string_view(value));
  else if constexpr (std::same_as<T, bool>)
    return value ? "true" : "false";
  else if constexpr (std::integral<T> || std::floating_point<T>)
    return std::to_string(value);
  else if constexpr (std::is_enum_v<T>)
    return std::to_string(static_cast<long>(value));
  else if constexpr (requires { value.has_value(); *value; })
    return value.has_value() ? shown(*value) : "nothing";
  else if constexpr (requires { value.time_since_epoch(); })
    return shown(value.time_since_epoch());
  else if constexpr (requires { value.count(); })
    return std::to_string(value.count());
  else if constexpr (requires { value.first; value.second; })
    return shown(value.first) + ": " + shown(value.second);
  else if constexpr (std::ranges::input_range<const T>) {
    std::string all;
    for (const auto& one : value) all += (all.empty() ? "" : ", ") + shown(one);
    return "{" + all + "}";
  } else
    return "(a value)";
}

}  // namespace calint::test

// Defines and registers one test: CALINT_TEST(state_opens_only_in_its_own_session) { ... }
#define CALINT_TEST(name)                                                             \
  static void name##_fn(int _i);                                                      \
  static const TTest name##_ttest = {#name, name##_fn, __FILE__, __LINE__};           \
  static const calint::test::Registration name##_registration(__FILE__, &name##_ttest); \
  static void name##_fn([[maybe_unused]] int _i)

// Compares two values (of text, any bytes) and prints both on failure.
#define CHECK_EQUAL(actual, expected)                                                                               \
  do {                                                                                                              \
    const auto check_a = calint::test::kept(actual);                                                                \
    const auto check_b = calint::test::kept(expected);                                                              \
    ck_assert_msg(calint::test::is_equal(check_a, check_b), "%s is '%s', expected '%s'", #actual,                   \
                  calint::test::shown(check_a).c_str(), calint::test::shown(check_b).c_str());                      \
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
