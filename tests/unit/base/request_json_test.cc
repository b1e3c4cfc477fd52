#include "base/request_json.h"

#include <fmt/format.h>

#include "support/check.h"

using namespace calint;

namespace {

// What a reader finds wrong with a text, "pointer: detail" a line.
template <typename Read>
std::string wrong(std::string_view text, Read read) {
  Problems problems;
  const Json tree = parse_json(text, {}, problems);
  if (tree) read(JsonPlace(tree.get(), "", problems));
  std::string all;
  for (const Problem& problem : problems.found()) all += fmt::format("{}: {}\n", problem.pointer, problem.detail);
  return all;
}

std::string only_parsed(std::string_view text) {
  return wrong(text, [](const JsonPlace&) {});
}

}  // namespace

CALINT_TEST(what_is_no_json_is_told_with_its_place_and_without_its_text) {
  CHECK_EQUAL(only_parsed("{\"a\": [1,\n s3cret]}"), ": is no JSON: line 2, column 2\n");
  CHECK_EQUAL(only_parsed("{\"a\": 1, \"a\": 2}"), ": has a member twice: line 1, column 12\n");
  CHECK_EQUAL(only_parsed("{\"a\": \"\xff\"}"), ": is no UTF-8: line 1, column 7\n");
  CHECK_EQUAL(only_parsed(""), ": is no JSON: line 1, column 0\n");
  CHECK_EQUAL(only_parsed("{} {}"), ": is no JSON: line 1, column 4\n");
}

CALINT_TEST(nothing_is_built_beyond_the_bounds) {
  const auto nested = [](size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
  CHECK_EQUAL(only_parsed(nested(16)), "");
  CHECK_EQUAL(only_parsed(nested(17)), ": is nested deeper than 16 levels\n");
  CHECK_EQUAL(only_parsed("{\"a\": \"" + nested(40) + "\\\"" + nested(40) + "\"}"), "");
  CHECK_EQUAL(only_parsed(std::string(256 * 1024 - 2, ' ') + "{}"), "");
  CHECK_EQUAL(only_parsed(std::string(256 * 1024 - 1, ' ') + "{}"), ": is longer than 262144 bytes\n");
  std::string many = "[1";
  for (int i = 0; i < 110'000; ++i) many += ",1";
  CHECK_EQUAL(only_parsed(many + "]"), ": has more than 100000 values\n");
}

CALINT_TEST(members_are_asked_for_and_others_refused) {
  const auto read = [](const JsonPlace& place) {
    JsonMembers members(place);
    CHECK_EQUAL(members.needed("a").whole_number(1, 5), 3);
    CHECK(!members.optional("b").whole_number(1, 5));
    CHECK(!members.optional("c"));
    members.refuse_others();
  };
  CHECK_EQUAL(wrong(R"({"a": 3, "b": null})", read), "");
  CHECK_EQUAL(wrong(R"({"a": 3, "d~/": 1, "": {}})", read),
              "/d~0~1: there is no such member\n/: there is no such member\n");
}

CALINT_TEST(what_is_needed_is_missed_once) {
  const auto read = [](const JsonPlace& place) {
    JsonMembers members(place);
    members.needed("a").text(10);
    members.needed("b").elements();
    members.refuse_others();
  };
  CHECK_EQUAL(wrong(R"({"b": null})", read), "/a: is needed\n/b: is needed\n");
  CHECK_EQUAL(wrong("[]", read), ": is not an object\n");
}

CALINT_TEST(each_reader_knows_its_type) {
  const auto number = [](const JsonPlace& place) { CHECK(!place.whole_number(1, 5)); };
  for (const char* text : {"0", "6", "3.0", "\"3\"", "true", "[]", "{}"})
    CHECK_EQUAL(wrong(text, number), ": is not a whole number from 1 to 5\n");
  const auto boolean = [](const JsonPlace& place) { CHECK(!place.boolean()); };
  for (const char* text : {"0", "\"true\"", "[]"}) CHECK_EQUAL(wrong(text, boolean), ": is neither true nor false\n");
  const auto words = [](const JsonPlace& place) { CHECK(!place.one_of({"busy", "free"})); };
  for (const char* text : {"\"Busy\"", "\"\"", "1"}) CHECK_EQUAL(wrong(text, words), ": is not one of: busy, free\n");
  const auto id = [](const JsonPlace& place) { CHECK(!place.text(3)); };
  for (const char* text : {"\"\"", "\"abcd\"", "\"a\\u0000\"", "\"a\\n\"", "\"\\u007f\"", "17"})
    CHECK_EQUAL(wrong(text, id), ": is not a text of 1 to 3 bytes without control characters\n");
  const auto time = [](const JsonPlace& place) { CHECK(!place.time()); };
  for (const char* text : {"\"2026-12-07\"", "1765098000"})
    CHECK_EQUAL(wrong(text, time), ": is not a time with an offset, such as 2026-12-07T09:00:00+01:00\n");
  const auto list = [](const JsonPlace& place) { CHECK(place.elements().empty()); };
  for (const char* text : {"{}", "\"a\"", "1"}) CHECK_EQUAL(wrong(text, list), ": is not a list\n");
}

CALINT_TEST(so_many_problems_are_told_and_no_more) {
  Problems problems;
  for (int i = 0; i < 1000; ++i) problems.add("/a", "is wrong");
  CHECK_EQUAL(problems.found().size(), Problems::kMost + 1);
  CHECK_EQUAL(problems.found().back().detail, "more is wrong than is listed here");
}

CALINT_TEST(text_is_quoted_as_json_wants_it) {
  CHECK_EQUAL(json_quoted("a\"\\\n\u00e9/"), "\"a\\\"\\\\\\n\u00e9/\"");
  CHECK_EQUAL(json_quoted(""), "\"\"");
}
