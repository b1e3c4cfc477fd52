#include "provider/shared/event_texts.h"

#include "support/check.h"

using namespace calint;
using namespace calint::provider;
using namespace std::chrono_literals;

CALINT_TEST(markup_is_escaped_and_lines_end_in_breaks) {
  CHECK_EQUAL(escaped_lines("2 < 3 & \"more\"\n<b>x</b>\n"), "2 &lt; 3 &amp; \"more\"<br>&lt;b&gt;x&lt;/b&gt;<br>");
  CHECK_EQUAL(escaped_lines(""), "");
  // HTML makes one of several blanks, and none where a line begins.
  CHECK_EQUAL(escaped_lines(" a  b\n c d"), "&nbsp;a &nbsp;b<br>&nbsp;c d");
}

CALINT_TEST(a_link_stands_behind_what_was_written_once) {
  const EventContent content{.description = "Hi", .location = "Room 4", .conference_url = "https://zoom.test/1"};
  CHECK_EQUAL(location_of(content), "Room 4, https://zoom.test/1");
  CHECK_EQUAL(description_of(content), "Hi\n\nhttps://zoom.test/1");
  CHECK_EQUAL(location_of({.conference_url = "https://zoom.test/1"}), "https://zoom.test/1");
  CHECK_EQUAL(location_of({.location = "at https://zoom.test/1", .conference_url = "https://zoom.test/1"}),
              "at https://zoom.test/1");
  CHECK_EQUAL(description_of({.description = "Hi"}), "Hi");
}

CALINT_TEST(guests_are_named_below_the_description_and_no_longer) {
  const std::vector<Guest> guests = {{.email = "a@b.test", .name = "A B"}, {.email = "c@d.test"}};
  const std::string named = "\xE2\x80\xA2 A B <a@b.test>\n\xE2\x80\xA2 c@d.test";
  CHECK_EQUAL(with_guests_named("", guests), named);
  CHECK_EQUAL(with_guests_named("Hi\n", guests), "Hi\n\n" + named);
  CHECK_EQUAL(with_guests_named("Hi\n", {}), "Hi\n");

  const std::pair<std::string, std::string> cases[] = {
      {named, ""},
      {"Hi\n\n" + named, "Hi"},
      {"Hi\n\n" + named + "\n\nBelow\n", "Hi\n\nBelow\n"},
      {named + "\nBelow", "Below"},
      {"Hi\n", "Hi\n"},
      // What people write is no guest of ours.
      {"\xE2\x80\xA2 bring tea\nwrite to c@d.test\n\xE2\x80\xA2 ask c@d.test\n\xE2\x80\xA2",
       "\xE2\x80\xA2 bring tea\nwrite to c@d.test\n\xE2\x80\xA2 ask c@d.test\n\xE2\x80\xA2"},
      {"\xE2\x80\xA2 x@y.test\nor\n" + named, "\xE2\x80\xA2 x@y.test\nor"},
  };
  for (const auto& [text, without] : cases) CHECK_EQUAL(without_named_guests(text), without);
}

CALINT_TEST(an_address_is_known_again_in_any_case) {
  CHECK(is_same_address("Jane@Candidate.test", "jane@candidate.test"));
  CHECK(!is_same_address("jane@candidate.test", "jane@candidate.tes"));
}

CALINT_TEST(a_clock_is_told_with_where_it_stands) {
  const Instant winter{1800522000s}, summer{1816160400s};
  const ZonedTime berlin = zoned(winter, "Europe/Berlin");
  CHECK_EQUAL(berlin.local, "2027-01-21T10:00:00");
  CHECK_EQUAL(berlin.offset, 1h);
  CHECK_EQUAL(berlin.zone, "Europe/Berlin");
  CHECK_EQUAL(zoned(summer, "Europe/Berlin").offset, 2h);
  const ZonedTime kyiv = zoned(winter, "Europe/Kyiv");
  CHECK_EQUAL(kyiv.local, "2027-01-21T11:00:00");
  for (const char* unknown : {"Mars/Olympus", "", "W. Europe Standard Time"}) {
    CHECK_EQUAL(zoned(winter, unknown).local, "2027-01-21T09:00:00");
    CHECK_EQUAL(zoned(winter, unknown).zone, "UTC");
    CHECK(is_in_utc({.zone = unknown}));
  }
  CHECK(!is_in_utc({.zone = "Europe/Kyiv"}));
  CHECK_EQUAL(in_utc({.zone = "Europe/Kyiv"}).zone, "UTC");
}

CALINT_TEST(a_link_is_one_of_http) {
  CHECK_EQUAL(link_from("https://meet.google.com/a-b"), "https://meet.google.com/a-b");
  for (const char* text : {"", "javascript:x", "tel:+1", "meet.google.com/a"}) CHECK_EQUAL(link_from(text), "");
  CHECK_EQUAL(link_from("https://x.test/" + std::string(2048, 'a')), "");
}
