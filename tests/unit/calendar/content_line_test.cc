#include "calendar/content_line.h"

#include "support/check.h"

using namespace calint::calendar;

namespace {

std::string lines(std::string_view text) {
  LineReader reader(text);
  std::string all;
  while (const auto line = reader.next()) all += std::string(*line) + "|";
  return all;
}

}  // namespace

CALINT_TEST(lines_end_with_any_line_end) {
  CHECK_EQUAL(lines("a\r\nb\nc\rd"), "a|b|c|d|");
  CHECK_EQUAL(lines("\xEF\xBB\xBF" "a\r\n\r\n\nb\n"), "a|b|");
  CHECK_EQUAL(lines(""), "");
  CHECK_EQUAL(lines("\n\r\n"), "");
}

CALINT_TEST(folds_are_taken_out_anywhere) {
  CHECK_EQUAL(lines("DTST\r\n ART:2026\n\t1201\r\nEND:X"), "DTSTART:20261201|END:X|");
  CHECK_EQUAL(lines("A:caf\xC3\n \xA9\nB:1"), "A:caf\xC3\xA9|B:1|");
  CHECK_EQUAL(lines("A:1\n  2"), "A:1 2|");
  CHECK_EQUAL(lines("A:1\r\r\n 2\r\r\nB:3"), "A:12|B:3|");
  CHECK_EQUAL(lines("A:1\n "), "A:1|");
}

CALINT_TEST(a_line_knows_where_it_begins) {
  LineReader reader("A:1\n 2\n\nB:3");
  reader.next();
  CHECK_EQUAL(reader.number(), 1);
  reader.next();
  CHECK_EQUAL(reader.number(), 4);
}

CALINT_TEST(a_colon_in_a_quoted_parameter_is_part_of_it) {
  const auto line = parse_line("ATTENDEE;CN=\"Ops: a;b, DTSTART:1\";PARTSTAT=ACCEPTED:mailto:a@example.org");
  CHECK(line.has_value());
  CHECK_EQUAL(line->name, "ATTENDEE");
  CHECK_EQUAL(line->parameter("CN").value(), "Ops: a;b, DTSTART:1");
  CHECK_EQUAL(line->parameter("PARTSTAT").value(), "ACCEPTED");
  CHECK_EQUAL(line->value, "mailto:a@example.org");
  CHECK(!line->parameter("ROLE").has_value());
}

CALINT_TEST(names_of_properties_and_parameters_have_no_case) {
  const auto line = parse_line("dtstart;tzid=\"Europe/Berlin\";value=date-time:1");
  CHECK(is_name(line->name, "DTSTART"));
  CHECK_EQUAL(line->parameter("TZID").value(), "Europe/Berlin");
}

CALINT_TEST(a_quote_that_is_never_closed_loses_nothing_else) {
  const auto line = parse_line("DTSTART;TZID=\"Europe/Berlin:20261201T090000");
  CHECK_EQUAL(line->parameter("TZID").value(), "Europe/Berlin");
  CHECK_EQUAL(line->value, "20261201T090000");
}

CALINT_TEST(a_zone_with_a_colon_needs_no_quotes_in_times) {
  const auto line = parse_line_of_times("DTSTART;TZID=(UTC+01:00) Amsterdam, Berlin:20261201T090000");
  CHECK_EQUAL(line->parameter("TZID").value(), "(UTC+01:00) Amsterdam, Berlin");
  CHECK_EQUAL(line->value, "20261201T090000");
  CHECK_EQUAL(parse_line_of_times("DTSTART:2026-12-01T09:00:00Z")->value, "2026-12-01T09:00:00Z");
}

CALINT_TEST(what_is_no_line_is_none) {
  for (const char* text : {"", "no colon", ":value", "with blank in:it", "<b>:x", "A;B=\"c"}) {
    ck_assert_msg(!parse_line(text), "%s", text);
  }
  CHECK(parse_line("DTSTART :1").has_value());
}

CALINT_TEST(text_loses_its_escapes) {
  CHECK_EQUAL(unescape("a\\, b\\; c\\\\d\\ne\\"), "a, b; c\\d\ne\\");
}
