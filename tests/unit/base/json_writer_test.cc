// JSON that is written: what comes out is what a parser reads back.
#include "base/json_writer.h"

#include "base/json.h"
#include "support/check.h"

using namespace calint;

CALINT_TEST(an_object_is_written_member_by_member) {
  CHECK_EQUAL(JsonObject().text(), "{}");
  CHECK_EQUAL(JsonObject().add("a", 1).add("b", true).add("c", "x").add("d", JsonArray().add("y").add(-2)).text(),
              R"({"a":1,"b":true,"c":"x","d":["y",-2]})");
  CHECK_EQUAL(JsonArray().text(), "[]");
}

CALINT_TEST(an_empty_text_is_left_out_where_it_says_nothing) {
  CHECK_EQUAL(JsonObject().add_filled("a", "").add_filled("b", "x").text(), R"({"b":"x"})");
}

CALINT_TEST(any_text_is_read_back_as_it_was) {
  std::string every;
  for (int c = 0; c < 0x80; ++c) every += static_cast<char>(c);
  every += "\u00e9\u4e16\U0001f4c5";
  const Json read = parse_json_object(JsonObject().add("t", every).text());
  CHECK(read != nullptr);
  CHECK_EQUAL(std::string(string_member(read.get(), "t").value_or("")), every);
}

CALINT_TEST(what_is_no_utf8_is_replaced) { CHECK_EQUAL(JsonValue("a\xff").text(), "\"a\xef\xbf\xbd\""); }
