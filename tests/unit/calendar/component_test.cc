#include "calendar/component.h"

#include "support/check.h"

using namespace calint::calendar;

namespace {

constexpr char kObject[] =
    "BEGIN:VCALENDAR\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "SUMMARY;LANGUAGE=de;X-A=\"b;c:d\":Ein\\, Text\r\n"
    "summary:Another\r\nX-APPLE-THING;VALUE=URI:geo:1\\;2\r\nno property at all\r\nBEGIN:VALARM\r\nTRIGGER:-PT5M\r\n"
    "END:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

Component parsed(std::string_view text) {
  auto component = parse_component(text);
  CHECK(component.has_value());
  return *component;
}

}  // namespace

CALINT_TEST(what_isnt_touched_is_written_as_it_was_read) { CHECK_EQUAL(to_text(parsed(kObject)), kObject); }

CALINT_TEST(a_text_is_the_same_however_it_is_folded_and_ended) {
  std::string bare(kObject);
  std::erase(bare, '\r');
  CHECK_EQUAL(to_text(parsed(bare)), kObject);
  bare.replace(bare.find("Another"), 7, "Ano\n ther");
  CHECK_EQUAL(to_text(parsed("\xEF\xBB\xBF\n" + bare)), kObject);
}

CALINT_TEST(a_property_takes_the_place_of_the_first_one_of_its_name) {
  Component event = parsed(kObject).components.at(0);
  CHECK(event.is("VEVENT"));
  CHECK_EQUAL(event.text("SUMMARY"), "Ein, Text");
  event.set("SUMMARY", "SUMMARY:New");
  event.set("LOCATION", "LOCATION:Behind");
  CHECK_EQUAL(event.lines.at(1), "SUMMARY:New");
  CHECK_EQUAL(event.lines.back(), "LOCATION:Behind");
  CHECK_EQUAL(event.lines.size(), 5);
  event.remove("SUMMARY");
  CHECK(!event.property("SUMMARY").has_value());
  CHECK_EQUAL(event.text("SUMMARY"), "");
}

CALINT_TEST(a_text_that_isnt_one_whole_component_is_none) {
  for (const char* text :
       {"", "nonsense", "UID:1\r\n", "BEGIN:VCALENDAR\r\n", "END:VCALENDAR\r\n", "BEGIN:A\nBEGIN:B\nEND:A\nEND:B\n",
        "BEGIN:A\nEND:A\nBEGIN:A\nEND:A\n", "BEGIN:A\nBEGIN:B\nEND:A\n"})
    ck_assert_msg(!parse_component(text).has_value(), "%s", text);
  std::string deep;
  for (int i = 0; i < 17; ++i) deep.insert(0, "BEGIN:A\n").append("END:A\n");
  CHECK(!parse_component(deep).has_value());
  CHECK(parse_component(deep.substr(8, deep.size() - 14)).has_value());
}

CALINT_TEST(lines_are_folded_at_75_bytes_between_characters) {
  for (const char* letter : {"x", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"})
    for (size_t shift = 0; shift < 4; ++shift) {
      std::string line = "SUMMARY:" + std::string(shift, 'a');
      for (int i = 0; i < 100; ++i) line += letter;
      const std::string text = to_text({.name = "VEVENT", .lines = {line}});
      CHECK_EQUAL(parsed(text).lines.at(0), line);
      size_t begin = 0;
      for (size_t end = text.find("\r\n"); end != std::string::npos; begin = end + 2, end = text.find("\r\n", begin)) {
        CHECK(end - begin <= 75);
        const std::string_view physical = std::string_view(text).substr(begin, end - begin);
        const auto at = static_cast<unsigned char>(physical[physical.starts_with(' ') ? 1 : 0]);
        CHECK((at & 0xc0) != 0x80);
      }
      CHECK_EQUAL(begin, text.size());
    }
}

CALINT_TEST(bytes_that_are_no_utf8_are_folded_all_the_same) {
  const std::string line = "X:" + std::string(500, '\x80');
  CHECK_EQUAL(parsed(to_text({.name = "VEVENT", .lines = {line}})).lines.at(0), line);
}

CALINT_TEST(text_can_neither_end_its_line_nor_its_value) {
  CHECK_EQUAL(escaped("a;b,c\\d\ne\r\n\tf:\"g\"\x01\x7f"), "a\\;b\\,c\\\\d\\ne\\n\tf:\"g\"");
  for (const char* text : {"plain", "a\\nb", "a\nb\n\n", "\\", ";,;,", "\xC3\xA9;\n", "END:VEVENT\nBEGIN:VEVENT"})
    CHECK_EQUAL(unescape(escaped(text)), text);
  CHECK_EQUAL(parameter("CN", "Doe; \"Jane\": ^n\r\nX-EVIL:1"), "CN=\"Doe; 'Jane': ^^nX-EVIL:1\"");
}

CALINT_TEST(one_parameter_is_changed_and_the_others_stay) {
  const std::string line = "ATTENDEE;CN=\"A;B\";ROLE=CHAIR;X-1=2;role=CHAIR:mailto:a@b.test";
  CHECK_EQUAL(with_parameter(*parse_line(line), "ROLE", "ROLE=OPT-PARTICIPANT"),
              "ATTENDEE;CN=\"A;B\";ROLE=OPT-PARTICIPANT;X-1=2:mailto:a@b.test");
  CHECK_EQUAL(with_parameter(*parse_line(line), "CUTYPE", "CUTYPE=ROOM"),
              std::string(line).insert(line.find(":mail"), ";CUTYPE=ROOM"));
}
