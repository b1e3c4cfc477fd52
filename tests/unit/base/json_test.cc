#include "base/json.h"

#include "support/check.h"

using namespace calint;

namespace {

// An array of `count` empty objects, the value that takes the most memory for its size.
std::string many(size_t count) {
  std::string text = R"({"items":[)";
  for (size_t i = 0; i < count; ++i) text += i == 0 ? "{}" : ",{}";
  return text + "]}";
}

}  // namespace

CALINT_TEST(only_an_object_without_doubled_members_is_taken) {
  CHECK(parse_json_object("{}") != nullptr);
  CHECK(parse_json_object(" {\"a\": [1, null]}\n") != nullptr);
  for (const char* text : {"", "[]", "1", "null", "{", "{}{}", "{} x", R"({"a":1,"a":2})", "{\"a\":\"\xff\",\"a\":1}"})
    CHECK(parse_json_object(text) == nullptr);
}

CALINT_TEST(a_flaw_in_a_string_loses_nothing_else) {
  for (const char* text :
       {"{\"name\":\"a\xff\",\"n\":7}", R"({"name":"a\ud83c","n":7})", R"({"name":"a\uDF89","n":7})"}) {
    const Json object = parse_json_object(text);
    CHECK(object != nullptr);
    CHECK_EQUAL(std::string(*string_member(object.get(), "name")), "a\uFFFD");
    CHECK_EQUAL(integer_member(object.get(), "n"), 7);
  }
}

CALINT_TEST(an_object_of_more_values_than_anybody_sends_is_not_built) {
  // The object, the array, and the objects in it: each begins with a bracket, or comes after a comma and with one.
  CHECK(parse_json_object(many(24000)) != nullptr);
  CHECK(parse_json_object(many(25000)) == nullptr);
  CHECK(parse_json_object(many(3000000)) == nullptr);
  CHECK(parse_json_object(R"({"items":[0)" + std::string(100000, ' ') + "]}") != nullptr);
}

CALINT_TEST(what_stands_in_a_text_is_no_value) {
  const std::string commas(100000, ',');
  const Json object = parse_json_object(R"({"a":"\"[{)" + commas + R"(\\","b":"x"})");
  CHECK(object != nullptr);
  CHECK_EQUAL(std::string(*string_member(object.get(), "a")), "\"[{" + commas + "\\");
  CHECK_EQUAL(std::string(*string_member(object.get(), "b")), "x");
}

CALINT_TEST(readers_are_strict_about_types) {
  const Json object = parse_json_object(R"({"s":"a\u0000b","n":1,"r":1.0,"t":true,"f":false,"z":null})");
  CHECK_EQUAL(*string_member(object.get(), "s"), std::string_view("a\0b", 3));
  for (const char* name : {"n", "t", "z", "missing"}) CHECK(!string_member(object.get(), name));
  CHECK_EQUAL(integer_member(object.get(), "n"), 1);
  for (const char* name : {"s", "r", "t", "missing"}) CHECK(!integer_member(object.get(), name));
  CHECK(true_member(object.get(), "t"));
  for (const char* name : {"f", "n", "s", "missing"}) CHECK(!true_member(object.get(), name));
  CHECK(!string_member(nullptr, "s") && !integer_member(nullptr, "n") && !true_member(nullptr, "t"));
}

CALINT_TEST(an_entry_is_not_lost_for_flaws_in_its_text) {
  const auto title = [](const std::string& text) {
    const Json entry = parse_json_entry("{\"id\":\"e1\",\"title\":\"" + text + "\"}");
    CHECK(entry != nullptr);
    CHECK_EQUAL(std::string(*string_member(entry.get(), "id")), "e1");
    return std::string(*string_member(entry.get(), "title"));
  };
  CHECK_EQUAL(title("caf\xe9!"), "caf\xef\xbf\xbd!");
  CHECK_EQUAL(title("a\nb\x01"), "ab");
  CHECK_EQUAL(title(R"(\ud83d)"), "\xef\xbf\xbd");
  CHECK_EQUAL(title(R"(\uDE00 \ud83dx \ud83d\ud83d\ude00)"),
              "\xef\xbf\xbd \xef\xbf\xbdx \xef\xbf\xbd\xf0\x9f\x98\x80");
  CHECK_EQUAL(title(R"(\\ud83d \ud83d\\ude00)"), "\\ud83d \xef\xbf\xbd\\ude00");
  CHECK_EQUAL(title(R"(a\u0000b)"), std::string("a\0b", 3));
}

CALINT_TEST(of_an_entry_s_doubled_member_the_last_counts_and_numbers_may_be_of_any_size) {
  const Json entry = parse_json_entry(R"({"a":"first","n":99999999999999999999999,"a":"last"})");
  CHECK(entry != nullptr);
  CHECK_EQUAL(std::string(*string_member(entry.get(), "a")), "last");
  for (const char* text : {"", "[]", "null", "{", "{}{}", "{\"a\":}", "{\"a\":\"\xff}"})
    CHECK(parse_json_entry(text) == nullptr);
  CHECK(parse_json_entry(many(25000)) == nullptr);
}
