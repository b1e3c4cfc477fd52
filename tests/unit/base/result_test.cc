#include "base/result.h"

#include <memory>
#include <string>

#include "support/check.h"

using namespace calint;

namespace {
Error conflict() { return Error{.fault = Fault::conflict, .what = "changed meanwhile"}; }
}  // namespace

CALINT_TEST(a_result_holds_a_value_or_an_error) {
  const Result<std::string> good = std::string("value");
  CHECK(good.ok() && good);
  CHECK_EQUAL(*good, "value");
  CHECK_EQUAL(good->size(), 5);
  const Result<std::string> bad = conflict();
  CHECK(!bad.ok() && !bad);
  CHECK_FAULT(bad, Fault::conflict);
  CHECK_EQUAL(bad.error().what, "changed meanwhile");
}

CALINT_TEST(reading_the_wrong_one_of_value_and_error_throws) {
  bool thrown = false;
  Result<int> bad = conflict();
  try {
    (void)bad.value();
  } catch (const std::bad_variant_access&) {
    thrown = true;
  }
  CHECK(thrown);
  thrown = false;
  Status good;
  try {
    (void)good.error();
  } catch (const std::bad_optional_access&) {
    thrown = true;
  }
  CHECK(thrown);
}

CALINT_TEST(a_result_gives_a_move_only_value_away) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  std::unique_ptr<int> taken = std::move(result).value();
  CHECK_EQUAL(*taken, 7);
}

CALINT_TEST(a_status_is_good_until_it_holds_an_error) {
  CHECK(Status().ok());
  const Status bad = conflict();
  CHECK_FAULT(bad, Fault::conflict);
}

CALINT_TEST(an_error_knows_the_line_that_made_it) {
  const unsigned line = __LINE__ + 1;
  const Error error{.fault = Fault::bug, .what = "here"};
  CHECK_EQUAL(error.where.line(), line);
  CHECK(std::string(error.where.file_name()).ends_with("result_test.cc"));
}
