#include "net/fiber.h"

#include <jansson.h>

#include <stdexcept>
#include <string>

#include "support/check.h"

using namespace calint;

CALINT_TEST(goes_on_where_it_left) {
  std::string order;
  Fiber* self = nullptr;
  Fiber fiber([&] {
    order += "1";
    self->leave();
    order += "3";
  });
  self = &fiber;
  fiber.go_on();
  order += "2";
  CHECK(fiber.is_under_way());
  fiber.go_on();
  CHECK(!fiber.is_under_way());
  CHECK_EQUAL(order, "123");
}

CALINT_TEST(many_keep_their_own_variables) {
  constexpr int kFibers = 200;
  std::unique_ptr<Fiber> fibers[kFibers];
  int sum = 0;
  for (int i = 0; i < kFibers; ++i)
    fibers[i] = std::make_unique<Fiber>([&, i] {
      for (int turn = 0; turn < 10; ++turn) fibers[i]->leave();
      sum += i;
    });
  for (int turn = 0; turn <= 10; ++turn)
    for (const auto& fiber : fibers) fiber->go_on();
  for (const auto& fiber : fibers) CHECK(!fiber->is_under_way());
  ck_assert_int_eq(sum, kFibers * (kFibers - 1) / 2);
}

CALINT_TEST(what_is_thrown_comes_out_where_it_was_gone_on_with) {
  Fiber* self = nullptr;
  Fiber fiber([&] {
    self->leave();
    throw std::runtime_error("thrown inside");
  });
  self = &fiber;
  fiber.go_on();
  std::string caught;
  try {
    fiber.go_on();
  } catch (const std::runtime_error& error) {
    caught = error.what();
  }
  CHECK_EQUAL(caught, "thrown inside");
  CHECK(!fiber.is_under_way());
}

CALINT_TEST(one_that_was_never_begun_ends_quietly) {
  bool has_run = false;
  { const Fiber fiber([&] { has_run = true; }); }
  CHECK(!has_run);
}

CALINT_TEST(its_stack_holds_the_deepest_json_that_is_read) {
  // One level more is refused.
  const std::string deepest = std::string(JSON_PARSER_MAX_DEPTH, '[') + std::string(JSON_PARSER_MAX_DEPTH, ']');
  bool was_read = false, was_refused = false;
  Fiber fiber([&] {
    json_t* parsed = json_loads(deepest.c_str(), 0, nullptr);
    was_read = parsed != nullptr;
    json_decref(parsed);
    was_refused = json_loads(("[" + deepest + "]").c_str(), 0, nullptr) == nullptr;
  });
  fiber.go_on();
  CHECK(was_read);
  CHECK(was_refused);
}
