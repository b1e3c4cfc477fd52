#include "base/json_text.h"

#include "support/check.h"

using namespace calint;

namespace {

std::string joined(const JsonParts& found) {
  std::string text;
  for (const std::string_view part : found.parts) text += (text.empty() ? "" : "|") + std::string(part);
  return text + (found.whole ? "" : "|...");
}

std::string members(std::string_view text) { return joined(member_texts(text, "a")); }
std::string elements(std::string_view text, size_t most = 100) { return joined(element_texts(text, most)); }

}  // namespace

CALINT_TEST(a_member_is_found_as_it_is_written) {
  CHECK_EQUAL(members(R"({"a":1})"), "1");
  CHECK_EQUAL(members("\xef\xbb\xbf{\"a\" : [1, {\"a\":2}] , \"b\":null}\n"), R"([1, {"a":2}])");
  CHECK_EQUAL(members(R"({"x":{"a":1},"y":"\"a\":2,","\u0061":"3"})"), R"("3")");
  CHECK_EQUAL(members(R"({"a":1,"b":2,"a":3})"), "1|3");
  CHECK_EQUAL(members("{}"), "");
}

CALINT_TEST(a_text_that_ends_early_gives_what_came_before) {
  CHECK_EQUAL(members(R"({"a":1)"), "1|...");
  CHECK_EQUAL(members(R"({"a":[1,{"b":)"), R"([1,{"b":|...)");
  CHECK_EQUAL(members(R"({"b":[1,{"a":)"), "|...");
  CHECK_EQUAL(elements(R"([1,{"b":2},{"b":)"), R"(1|{"b":2}|...)");
  CHECK_EQUAL(elements(R"([1,"tex)"), "1|...");
  CHECK_EQUAL(elements("[1,2"), "1|...");
}

CALINT_TEST(what_is_no_object_or_array_has_no_parts) {
  for (const char* text : {"", "[]", "1", "\"a\"", "{", "{a:1}", "<html>"}) CHECK_EQUAL(members(text), "|...");
  for (const char* text : {"", "{}", "1", "null", "["}) CHECK_EQUAL(elements(text), "|...");
  CHECK_EQUAL(members(R"({"a":1} {"a":2})"), "1|...");
  CHECK_EQUAL(elements("[1] 2"), "1|...");
}

CALINT_TEST(elements_are_cut_at_their_own_brackets) {
  CHECK_EQUAL(elements("[]"), "");
  CHECK_EQUAL(elements(R"([ {"a":"]}"} , [[],[{}]],"\\", true ])"), R"({"a":"]}"}|[[],[{}]]|"\\"|true)");
  // Brackets that don't match make one bad element, which its parser refuses.
  CHECK_EQUAL(elements(R"([{"a":[}},{"b":1}])"), R"({"a":[}}|{"b":1})");
  CHECK_EQUAL(elements("[1,2,3]", 2), "1|2|...");
}

CALINT_TEST(depth_and_size_cost_no_more_than_the_text) {
  const std::string deep = std::string(5000000, '[') + std::string(5000000, ']');
  CHECK_EQUAL(element_texts(deep, 10).parts.size(), 1);
  CHECK(element_texts(std::string(5000000, '['), 10).parts.empty());
  CHECK(member_texts("{\"a\":\"" + std::string(5000000, '\\') + "\"}", "a").whole);
}
