#include "api/query.h"

#include "support/check.h"

using namespace calint;
using namespace calint::api;

namespace {

struct Asked {
  explicit Asked(std::string_view text) : query(Secret(text), problems) {}
  std::string told() const {
    std::string all;
    for (const Problem& problem : problems.found()) all += problem.pointer + " ";
    return all;
  }
  Problems problems;
  Query query;
};

}  // namespace

CALINT_TEST(parameters_are_read_by_name_and_others_refused) {
  Asked asked("a=x&b=7&c=2026-12-07T09%3A00%3A00%2B01%3A00&d=1&b2=2&b2=3");
  CHECK_EQUAL(*asked.query.text("a"), "x");
  CHECK_EQUAL(*asked.query.number("b", 1, 10), 7);
  CHECK(asked.query.time("c").has_value());
  CHECK(asked.query.flag("d"));
  CHECK(!asked.query.text("e"));
  asked.query.refuse_others();
  CHECK_EQUAL(asked.told(), "/b2 ");
}

CALINT_TEST(what_is_no_value_is_a_problem) {
  for (const char* text : {"a=", "a=%ff", "a=1&a=2", "a=%0a", "%61=x&a=y"}) {
    Asked asked(text);
    asked.query.text("a");
    CHECK_EQUAL(asked.told(), "/a ");
  }
  for (const char* text : {"a=x", "a=11", "a=0", "a=1e1", "a= 1", "a=99999999999999999999", "a=+1"}) {
    Asked asked(text);
    CHECK(!asked.query.number("a", 1, 10));
    CHECK_EQUAL(asked.told(), "/a ");
  }
  for (const char* text : {"a=0", "a=true", "a="}) {
    Asked asked(text);
    CHECK(!asked.query.flag("a"));
    CHECK_EQUAL(asked.told(), "/a ");
  }
}

CALINT_TEST(a_query_that_cannot_be_read_is_one_problem) {
  for (const char* text : {"a=%zz", "a=%00"}) {
    Asked asked(text);
    CHECK(!asked.query.text("a"));
    CHECK_EQUAL(asked.told(), " ");
  }
}

CALINT_TEST(names_in_pointers_are_escaped) {
  Asked asked("a%2Fb~=1");
  asked.query.refuse_others();
  CHECK_EQUAL(asked.told(), "/a~1b~0 ");
}
