#include "calendar/icalendar.h"

#include "calendar/values.h"
#include "support/check.h"

using namespace calint::calendar;

namespace {

Reading read(const std::string& text, const Accounts& accounts = {}) {
  return read_icalendar({{.name = "f", .text = text}}, accounts);
}

std::string calendar(const std::string& inside) { return "BEGIN:VCALENDAR\n" + inside + "END:VCALENDAR\n"; }
std::string event(const std::string& inside) { return "BEGIN:VEVENT\n" + inside + "END:VEVENT\n"; }

// "key: start,start; key: ..."
std::string told(const Reading& reading) {
  std::string text;
  for (const Series& series : reading.series) {
    text += (text.empty() ? "" : "; ") + series.key + ":";
    for (const Event& one : series.events) text += " " + to_text(one.start);
  }
  return text;
}

}  // namespace

CALINT_TEST(events_of_one_uid_are_one_series) {
  const Reading reading = read_icalendar(
      {{"a", calendar(event("UID:1\nDTSTART:20261201T090000Z\nRRULE:FREQ=DAILY\n") +
                      event("UID:2\nDTSTART:20261202\n"))},
       {"b", calendar(event("UID:1\nRECURRENCE-ID:20261202T090000Z\nDTSTART:20261202T100000Z\n"))}},
      {});
  CHECK_EQUAL(told(reading), "1: 20261201T090000Z 20261202T100000Z; 2: 20261202");
  CHECK_EQUAL(reading.series[0].file, "a");
  CHECK_EQUAL(reading.series[0].events[0].recurrence[0], "RRULE:FREQ=DAILY");
  CHECK(reading.series[0].events[1].recurrence_id.has_value() && reading.left_out.empty());
}

CALINT_TEST(events_without_a_uid_are_each_their_own) {
  const Reading reading = read(calendar(event("DTSTART:20261201\n") + event("DTSTART:20261201\n")));
  CHECK_EQUAL(reading.series.size(), 2);
  CHECK(reading.series[0].key != reading.series[1].key);
}

CALINT_TEST(the_later_version_of_an_instance_stands) {
  const std::string id = "UID:1\nRECURRENCE-ID:20261202T090000Z\n";
  const auto two = [&](const std::string& a, const std::string& b) {
    return told(read(calendar(event(id + a + "DTSTART:20261202\n") + event(id + b + "DTSTART:20261203\n"))));
  };
  CHECK_EQUAL(two("SEQUENCE:3\n", "SEQUENCE:1\n"), "1: 20261202");
  CHECK_EQUAL(two("SEQUENCE:3\n", "SEQUENCE:10\n"), "1: 20261203");
  CHECK_EQUAL(two("DTSTAMP:20261111T000000Z\n", "DTSTAMP:20261110T000000Z\n"), "1: 20261202");
  CHECK_EQUAL(two("", ""), "1: 20261202 20261203");
}

CALINT_TEST(events_that_share_a_uid_by_mistake_all_stay) {
  CHECK_EQUAL(told(read(calendar(event("UID:1\nDTSTAMP:20260101T000000Z\nDTSTART:20261202\n") +
                                 event("UID:1\nDTSTAMP:20260102T000000Z\nDTSTART:20261203\n")))),
              "1: 20261202 20261203");
  CHECK_EQUAL(told(read(calendar(event("UID:1\nSEQUENCE:1\nDTSTART:20261202\n") +
                                 event("UID:1\nSEQUENCE:2\nDTSTART:20261203\n")))),
              "1: 20261203");
}

CALINT_TEST(what_lies_within_an_event_isnt_the_events) {
  const Reading reading = read(calendar(
      event("UID:1\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z\n"
            "BEGIN:VALARM\nTRIGGER:-PT15M\nDURATION:PT5H\nDTSTART:19700101\n"
            "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example\nSTATUS:CANCELLED\nEND:VALARM\n") +
          "BEGIN:VTODO\nUID:2\nDTSTART:20261201T090000Z\nEND:VTODO\nBEGIN:VJOURNAL\nDTSTART:20261201\nEND:VJOURNAL\n"),
      {"a@b.example"});
  CHECK_EQUAL(told(reading), "1: 20261201T090000Z");
  CHECK_EQUAL(reading.series[0].events[0].standing, Standing::busy);
  CHECK(!reading.series[0].events[0].duration);
}

CALINT_TEST(an_end_that_is_missing_loses_nothing_else) {
  const std::string one = "BEGIN:VEVENT\nUID:1\nDTSTART:20261201\n", two = event("UID:2\nDTSTART:20261202\n");
  CHECK_EQUAL(told(read("BEGIN:VCALENDAR\n" + one + two + "END:VCALENDAR\n")), "1: 20261201; 2: 20261202");
  CHECK_EQUAL(told(read("BEGIN:VCALENDAR\n" + one + "BEGIN:VALARM\nX:y\nEND:VEVENT\n" + two)),
              "1: 20261201; 2: 20261202");
  CHECK_EQUAL(told(read("BEGIN:VCALENDAR\n" + one + "END:VCALENDAR\n" + calendar(two))), "1: 20261201; 2: 20261202");
  CHECK_EQUAL(told(read("BEGIN:VCALENDAR\n" + two + "END:VTODO\nEND:VEVENT\n" + event("UID:3\nDTSTART:20261203\n"))),
              "2: 20261202; 3: 20261203");
  CHECK_EQUAL(told(read(two)), "2: 20261202");
}

CALINT_TEST(a_text_that_was_cut_is_told) {
  const Reading cut = read("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201\n");
  CHECK_EQUAL(told(cut), "1: 20261201");
  CHECK_EQUAL(cut.left_out.size(), 1);
  CHECK_EQUAL(cut.left_out[0].id, "1");
  CHECK_EQUAL(cut.left_out[0].file, "f");
  CHECK_EQUAL(read("BEGIN:VCALENDAR\n" + event("UID:1\nDTSTART:20261201\n")).left_out.size(), 1);
  for (const char* text : {"", "<html></html>", "BEGIN:VCARD\nEND:VCARD\n", "\xFF\xFE" "B\0E\0"}) {
    const Reading reading = read(text);
    CHECK(reading.series.empty());
    CHECK_EQUAL(reading.left_out.size(), 1);
  }
}

CALINT_TEST(one_bad_event_loses_itself_alone_and_is_told_once) {
  const Reading reading =
      read(calendar(event("UID:1\nDTSTART:Next Year\nDTEND:20261345\n") + event("UID:2\nSUMMARY:x\n") +
                    event("UID:3\nDTSTART:20261203\nDURATION:long\nno line at all\n<b>x</b>\n")));
  CHECK_EQUAL(told(reading), "3: 20261203");
  CHECK_EQUAL(reading.left_out.size(), 3);
  CHECK_EQUAL(reading.left_out[0].id, "1");
  CHECK_EQUAL(reading.left_out[0].why, "its DTSTART can't be read; its DTEND can't be read");
  CHECK_EQUAL(reading.left_out[1].why, "it has no DTSTART");
  CHECK_EQUAL(reading.left_out[2].why, "its DURATION can't be read; 2 lines that aren't iCalendar");
}

CALINT_TEST(no_text_of_an_event_is_kept_or_told) {
  const Reading reading = read(calendar(event(
      "UID:1\nDTSTART:20261201\nSUMMARY:Secret\nDESCRIPTION:Secret\nLOCATION:Secret\nSecret\n"
      "ATTENDEE;CN=Secret:mailto:s\nORGANIZER;CN=Secret:mailto:s\n")));
  CHECK_EQUAL(reading.series.size(), 1);
  CHECK_EQUAL(reading.left_out.size(), 1);
  CHECK_EQUAL(reading.left_out[0].why.find("Secret"), std::string::npos);
  const Event& one = reading.series[0].events[0];
  CHECK(one.recurrence.empty());
  CHECK_EQUAL(one.id, "1");
  CHECK(one.start.zone.empty());
}

CALINT_TEST(zones_of_a_calendar_go_with_the_events_that_need_them) {
  const std::string zone =
      "BEGIN:VTIMEZONE\nTZID:Home\\, sweet\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
      "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nEND:STANDARD\nEND:VTIMEZONE\n";
  // Also where it stands behind them.
  const Reading reading = read(calendar(event("UID:1\nDTSTART;TZID=\"Home, sweet\":20261201T090000\n") + zone +
                                        event("UID:2\nDTSTART;TZID=Europe/Berlin:20261201T090000\n")));
  CHECK_EQUAL(reading.series[0].zones.size(), 1);
  CHECK(reading.series[1].zones.empty());
  const Observance& part = reading.series[0].zones[0]->observances.at(0);
  CHECK_EQUAL(part.from, std::chrono::hours(2));
  CHECK_EQUAL(part.to, std::chrono::hours(1));
  CHECK_EQUAL(part.recurrence.size(), 1);
}

CALINT_TEST(a_zone_with_two_names_is_two) {
  const Reading reading = read(calendar(
      "BEGIN:VTIMEZONE\nTZID:A\nBEGIN:STANDARD\nDTSTART:20200101T000000\nTZOFFSETTO:+0100\nEND:STANDARD\nTZID:B\n"
      "BEGIN:STANDARD\nDTSTART:20200101T000000\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE\n" +
      event("UID:1\nDTSTART;TZID=A:20261201T090000\nDTEND;TZID=B:20261201T120000\n")));
  CHECK_EQUAL(reading.series[0].zones.size(), 2);
  CHECK_EQUAL(reading.series[0].zones[1]->observances[0].to, std::chrono::hours(2));
}

CALINT_TEST(a_cancelling_message_cancels) {
  const Reading reading = read(calendar("METHOD:CANCEL\n" + event("UID:1\nDTSTART:20261201\n") +
                                        event("UID:1\nRECURRENCE-ID:20261202\n")) +
                               calendar(event("UID:2\nRECURRENCE-ID:20261202\nSTATUS:CANCELLED\n")));
  CHECK_EQUAL(told(reading), "1: 20261201 20261202; 2: 20261202");
  for (const Series& series : reading.series) {
    for (const Event& one : series.events) CHECK_EQUAL(one.standing, Standing::cancelled);
  }
}

CALINT_TEST(free_busy_time_is_read_as_events) {
  const Reading reading = read(calendar(
      "BEGIN:VFREEBUSY\nUID:1\nFREEBUSY:20270111T090000Z/20270111T093000Z,20270111T100000Z/PT1H\n"
      "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270112T080000Z/PT45M\nFREEBUSY;FBTYPE=FREE:20270115T000000Z/PT1H\n"
      "FREEBUSY:nonsense\nEND:VFREEBUSY\n"));
  CHECK_EQUAL(told(reading), "1: 20270111T090000Z 20270111T100000Z 20270112T080000Z");
  CHECK_EQUAL(reading.series[0].events[2].standing, Standing::tentative);
  CHECK_EQUAL(reading.left_out.size(), 1);
}

CALINT_TEST(deep_nesting_is_refused_without_recursion) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "BEGIN:VX\n";
  const Reading reading = read(calendar(event("UID:1\nDTSTART:20261201\n") + deep));
  CHECK_EQUAL(told(reading), "1: 20261201");
  CHECK(!reading.left_out.empty());
}

CALINT_TEST(both_an_end_and_a_duration_mean_the_end) {
  const Reading reading =
      read(calendar(event("UID:1\nDTSTART:20261201T090000Z\nDTEND:20261201T100000Z\nDURATION:PT0S\n")));
  CHECK(reading.series[0].events[0].end.has_value() && !reading.series[0].events[0].duration);
}
