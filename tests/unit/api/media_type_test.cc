#include "api/media_type.h"

#include "support/check.h"

using namespace calint::api;

CALINT_TEST(the_most_exact_range_decides) {
  CHECK_EQUAL(quality("", "application/json"), 1000);
  CHECK_EQUAL(quality(" ", "application/json"), 1000);
  CHECK_EQUAL(quality("*/*", "application/json"), 1000);
  CHECK_EQUAL(quality("text/html", "application/json"), 0);
  CHECK_EQUAL(quality("application/*;q=0.5, */*;q=0.9", "application/json"), 500);
  CHECK_EQUAL(quality("*/*, application/json;q=0", "application/json"), 0);
  CHECK_EQUAL(quality("Application/JSON ; charset=utf-8 ; Q=0.25", "application/json"), 250);
  CHECK_EQUAL(quality("application/jsonx, applicatio/*", "application/json"), 0);
}

CALINT_TEST(a_weight_that_is_none_counts_as_one) {
  for (const char* accept : {"a/b;q=", "a/b;q=x", "a/b;q=1.000", "a/b;q=1.9", "a/b;q", "a/b;"})
    CHECK_EQUAL(quality(accept, "a/b"), 1000);
  CHECK_EQUAL(quality("a/b;q=0.0019", "a/b"), 1);
  CHECK_EQUAL(quality(",,;;,a/b;q=0.001", "a/b"), 1);
}

CALINT_TEST(a_content_type_may_have_parameters) {
  CHECK(is_media_type("application/json", "application/json"));
  CHECK(is_media_type(" Application/Json ; charset=\"utf-8\"", "application/json"));
  CHECK(!is_media_type("", "application/json"));
  CHECK(!is_media_type("application/json-patch", "application/json"));
}
