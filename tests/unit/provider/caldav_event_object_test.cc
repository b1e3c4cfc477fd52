// An interview as an object of a calendar: what is written, and what of an object that stands there a change touches.
#include "provider/caldav/event_object.h"

#include <libical/ical.h>

#include "calendar/component.h"
#include "provider/caldav/guest_lines.h"
#include "support/check.h"

using namespace calint;
using namespace calint::test;
using provider::Attendance;
using provider::EventContent;
using provider::EventParts;
using Answers = std::vector<provider::GuestAnswer>;

namespace {

const Instant kNow{std::chrono::seconds(1795597200)};                         // 2026-11-25T09:00:00Z
const Instant kStart{std::chrono::seconds(1800522000)};                       // 2027-01-21T09:00:00Z
const std::string kKey = "0123456789abcdef0123456789abcdef";
const caldav::Organizer kAvery{.address = "avery@icloud.example",
                               .accounts = {"avery@icloud.example", "/1/principal/"}};

EventContent content() {
  return {.title = "Interview: Jane Doe",
          .description = "Hi, 2 < 3; & more\n<a href=\"https://evil.test\">Zoom</a>",
          .location = "Room 5",
          .start = kStart,
          .end = kStart + std::chrono::minutes(45),
          .zone = "Europe/Berlin",
          .guests = {{.email = "jane@candidate.test", .name = "Jane \"J\" Doe"},
                     {.email = "sam@work.test", .is_optional = true}},
          .reminder = 15};
}

calendar::Component event_of(const std::string& text) {
  auto object = calendar::parse_component(text);
  CHECK(object.has_value());
  for (const calendar::Component& one : object->components)
    if (one.is("VEVENT")) return one;
  ck_abort_msg("no event in %s", text.c_str());
}

// The properties of the event that begin so, each in a line.
std::string lines(const std::string& text, std::string_view begin) {
  std::string all;
  for (const std::string& line : event_of(text).lines)
    if (line.starts_with(begin)) all += line + "\n";
  return all;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string unfolded(std::string text) {
  for (size_t at = 0; (at = text.find("\r\n ", at)) != std::string::npos;) text.erase(at, 3);
  return text;
}

std::string changed(const std::string& text, const EventContent& wanted, const EventParts& parts,
                    const caldav::Organizer& organizer = kAvery) {
  auto object = caldav::changed_object(text, kKey, wanted, parts, organizer, kNow + std::chrono::hours(1));
  CHECK_OK(object);
  return *object;
}

caldav::ReadEvent read(const std::string& text, const caldav::Organizer& organizer = kAvery) {
  auto event = caldav::read_event(text, kKey, organizer);
  CHECK_OK(event);
  CHECK(event->has_value());
  return **event;
}

// An object as another client keeps it.
std::string object_with(std::string_view inside) {
  return "BEGIN:VCALENDAR\nVERSION:2.0\nX-WR-CALNAME:Mine\nBEGIN:VEVENT\nUID:" + kKey + "\n" + std::string(inside) +
         "END:VEVENT\nEND:VCALENDAR\n";
}

constexpr EventParts kAll{.title = true, .description = true, .location = true, .time = true, .guests = true,
                          .reminder = true};

}  // namespace

CALINT_TEST(an_interview_is_written_in_utc_with_all_that_icloud_wants) {
  CHECK_EQUAL(caldav::written_object(kKey, content(), kAvery, kNow),
              "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mod_calint//interviews//EN\r\nCALSCALE:GREGORIAN\r\n"
              "BEGIN:VEVENT\r\nUID:0123456789abcdef0123456789abcdef\r\nDTSTAMP:20261125T090000Z\r\n"
              "CREATED:20261125T090000Z\r\nLAST-MODIFIED:20261125T090000Z\r\nSEQUENCE:0\r\n"
              "DTSTART:20270121T090000Z\r\nDTEND:20270121T094500Z\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n"
              "SUMMARY:Interview: Jane Doe\r\n"
              "DESCRIPTION:Hi\\, 2 < 3\\; & more\\n<a href=\"https://evil.test\">Zoom</a>\r\nLOCATION:Room 5\r\n"
              "ATTENDEE;CN=\"Jane 'J' Doe\";CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=\r\n"
              " NEEDS-ACTION;RSVP=TRUE:mailto:jane@candidate.test\r\n"
              "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=\r\n"
              " TRUE:mailto:sam@work.test\r\n"
              "ORGANIZER:mailto:avery@icloud.example\r\n"
              "BEGIN:VALARM\r\nUID:0123456789abcdef0123456789abcdef-reminder\r\nACTION:DISPLAY\r\nTRIGGER:-PT15M\r\n"
              "DESCRIPTION:Interview: Jane Doe\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
}

CALINT_TEST(what_is_written_reads_the_same) {
  const caldav::ReadEvent event = read(caldav::written_object(kKey, content(), kAvery, kNow));
  CHECK(event.event.start == kStart && event.event.end == kStart + std::chrono::minutes(45));
  CHECK_EQUAL(event.event.uid, kKey);
  CHECK(!event.is_cancelled && !event.event.organiser_declined);
  CHECK(event.event.answers == Answers({{.email = "jane@candidate.test"}, {.email = "sam@work.test"}}));
}

CALINT_TEST(no_text_makes_a_line_of_its_own) {
  const std::string evil = "x\r\nATTENDEE:mailto:evil@evil.test\nEND:VEVENT\\;,\"\x01";
  EventContent wanted = content();
  wanted.title = wanted.description = wanted.location = evil;
  wanted.conference_url = "https://meet.test/1";
  wanted.guests = {{.email = "a\"b:c;d,e?f%@candidate.test", .name = evil}};
  const std::string text = caldav::written_object(kKey, wanted, kAvery, kNow);
  const calendar::Component event = event_of(text);
  size_t guests = 0;
  for (const std::string& line : event.lines) guests += line.starts_with("ATTENDEE") ? 1 : 0;
  CHECK_EQUAL(guests, 1);
  CHECK_EQUAL(event.text("SUMMARY"), "x\nATTENDEE:mailto:evil@evil.test\nEND:VEVENT\\;,\"");
  CHECK_EQUAL(read(text).event.answers.at(0).email, wanted.guests[0].email);
}

CALINT_TEST(a_link_of_the_ats_is_in_place_text_and_url) {
  EventContent wanted = content();
  wanted.conference_url = "https://meet.test/a?b=c,d;e";
  wanted.location.clear();
  wanted.description = "Welcome";
  const std::string text = caldav::written_object(kKey, wanted, kAvery, kNow);
  CHECK_EQUAL(lines(text, "LOCATION") + lines(text, "DESCRIPTION") + lines(text, "URL") + lines(text, "X-CALINT-URL"),
              "LOCATION:https://meet.test/a?b=c\\,d\\;e\nDESCRIPTION:Welcome\\n\\nhttps://meet.test/a?b=c\\,d\\;e\n"
              "URL:https://meet.test/a?b=c,d;e\nX-CALINT-URL:https://meet.test/a?b=c\\,d\\;e\n");
  wanted.conference_url.clear();
  const std::string without = changed(text, wanted, {.description = true, .location = true});
  CHECK_EQUAL(lines(without, "LOCATION") + lines(without, "DESCRIPTION") + lines(without, "URL"),
              "DESCRIPTION:Welcome\n");
}

CALINT_TEST(a_url_that_a_person_gave_the_event_stays) {
  const std::string url = "URL;X-P=1:https://mine.test/\n";
  EventContent wanted = content();
  EventContent linked = wanted;
  linked.conference_url = "https://meet.test/1";
  for (const char* text : {"Old", "See https://mine.test/", "https://mine.test/and/more"}) {
    const std::string mine =
        object_with("DTSTART:20270121T090000Z\n" + url + "LOCATION:" + text + "\nDESCRIPTION:" + text + "\n");
    CHECK_EQUAL(lines(changed(mine, wanted, {.description = true, .location = true}), "URL"), url);
    const std::string both = changed(mine, linked, {.description = true, .location = true});
    CHECK_EQUAL(lines(both, "URL"), url);
    CHECK(event_of(both).text("DESCRIPTION").ends_with(linked.conference_url));
    CHECK_EQUAL(lines(changed(both, wanted, {.description = true, .location = true}), "URL"), url);
  }

  // In the place of ours, and where ours isn't any more.
  const std::string ours = caldav::written_object(kKey, linked, kAvery, kNow);
  const std::string edited = replaced(ours, "URL:https://meet.test/1", "URL:https://mine.test/");
  linked.conference_url = "https://meet.test/2";
  for (const EventContent& next : {linked, wanted})
    CHECK_EQUAL(lines(changed(edited, next, {.description = true, .location = true}), "URL"),
                "URL:https://mine.test/\n");
  const std::string second = changed(ours, linked, {.description = true, .location = true});
  CHECK_EQUAL(lines(second, "URL"), "URL:https://meet.test/2\n");
  CHECK_EQUAL(changed(second, linked, {.description = true, .location = true}), second);
  const std::string none = changed(second, wanted, {.description = true, .location = true});
  CHECK_EQUAL(none.find("meet.test"), std::string::npos);
}

CALINT_TEST(guests_who_arent_to_hear_of_it_are_named_in_the_text) {
  EventContent wanted = content();
  wanted.notifies = false;
  wanted.description = "Welcome";
  const std::string text = unfolded(caldav::written_object(kKey, wanted, kAvery, kNow));
  CHECK_EQUAL(lines(text, "ATTENDEE") + lines(text, "ORGANIZER"), "");
  CHECK_EQUAL(event_of(text).text("DESCRIPTION"),
              "Welcome\n\n\xE2\x80\xA2 Jane \"J\" Doe <jane@candidate.test>\n\xE2\x80\xA2 sam@work.test");
  CHECK(read(text).event.answers.empty());

  // Somebody has written above and below meanwhile.
  wanted.guests.pop_back();
  const std::string edited = replaced(replaced(text, "DESCRIPTION:Welcome", "DESCRIPTION:Mine\\, Welcome"),
                                      "sam@work.test", "sam@work.test\\nBring tea");
  CHECK_EQUAL(event_of(changed(edited, wanted, {.guests = true})).text("DESCRIPTION"),
              "Mine, Welcome\n\nBring tea\n\n\xE2\x80\xA2 Jane \"J\" Doe <jane@candidate.test>");
  wanted.guests.clear();
  CHECK_EQUAL(event_of(changed(text, wanted, {.guests = true})).text("DESCRIPTION"), "Welcome");

  // Who was invited before goes on to be: the server would tell them that they aren't any more.
  EventContent silent = content();
  silent.notifies = false;
  silent.guests.push_back({.email = "new@work.test"});
  const std::string invited = caldav::written_object(kKey, content(), kAvery, kNow);
  const std::string both = changed(invited, silent, {.description = true, .guests = true});
  CHECK_EQUAL(lines(both, "ATTENDEE"), lines(invited, "ATTENDEE"));
  CHECK_EQUAL(event_of(both).text("DESCRIPTION"), content().description + "\n\n\xE2\x80\xA2 new@work.test");

  // An account without an address can't invite.
  const std::string nobodys = caldav::written_object(kKey, content(), {.address = "", .accounts = {"ivy"}}, kNow);
  CHECK_EQUAL(lines(nobodys, "ATTENDEE") + lines(nobodys, "ORGANIZER"), "");
  CHECK(event_of(nobodys).text("DESCRIPTION").ends_with(" sam@work.test"));
}

CALINT_TEST(only_the_parts_change_and_all_else_stays) {
  const std::string inside =
      "DTSTAMP:20260101T000000Z\nLAST-MODIFIED:20260101T000000Z\nCREATED:20250101T000000Z\nSEQUENCE:4\n"
      "DTSTART;TZID=Europe/Berlin:20270121T100000\nDURATION:PT1H\nSUMMARY;X-P=1;LANGUAGE=de:Alt\nDESCRIPTION:Mine\n"
      "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\nCATEGORIES:a,b\nATTACH;MANAGED-ID=1:https://a.test/\n"
      "BEGIN:VALARM\nUID:theirs\nTRIGGER:-PT60M\nACTION:DISPLAY\nEND:VALARM\n";
  const std::string text = object_with(inside);
  EventContent wanted = content();
  CHECK_EQUAL(changed(text, wanted, {}), text);

  const std::string titled = changed(text, wanted, {.title = true});
  CHECK_EQUAL(lines(titled, "SUMMARY"), "SUMMARY;X-P=1:Interview: Jane Doe\n");
  CHECK_EQUAL(lines(titled, "SEQUENCE") + lines(titled, "DTSTAMP") + lines(titled, "LAST-M") + lines(titled, "CREATED"),
              "SEQUENCE:4\nDTSTAMP:20261125T100000Z\nLAST-MODIFIED:20261125T100000Z\nCREATED:20250101T000000Z\n");

  const std::string moved = changed(text, wanted, {.time = true});
  CHECK_EQUAL(lines(moved, "DT") + lines(moved, "DUR") + lines(moved, "SEQ"),
              "DTSTAMP:20261125T100000Z\nDTSTART:20270121T090000Z\nDTEND:20270121T094500Z\nSEQUENCE:5\n");
  for (const std::string& one : {titled, moved}) {
    for (const char* line : {"X-WR-CALNAME:Mine\r\n", "CATEGORIES:a,b\r\n", "ATTACH;MANAGED-ID=1:https://a.test/\r\n",
                             "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\r\n", "UID:theirs\r\n",
                             "DESCRIPTION:Mine\r\n"})
      ck_assert_msg(one.find(line) != std::string::npos, "%s", line);
  }
}

CALINT_TEST(a_change_that_stands_already_changes_nothing) {
  const std::string text = caldav::written_object(kKey, content(), kAvery, kNow);
  CHECK_EQUAL(changed(text, content(), kAll), text);
  // The same time on another clock.
  std::string zoned = replaced(text, "DTSTART:20270121T090000Z", "DTSTART;TZID=Europe/Berlin:20270121T100000");
  zoned = replaced(zoned, "DTEND:20270121T094500Z", "DURATION:PT45M");
  CHECK_EQUAL(changed(zoned, content(), {.time = true}), zoned);
  EventContent later = content();
  later.end += std::chrono::minutes(15);
  const std::string once = changed(text, later, {.time = true});
  CHECK_EQUAL(lines(once, "SEQUENCE"), "SEQUENCE:1\n");
  CHECK_EQUAL(changed(once, later, {.time = true}), once);
}

CALINT_TEST(guests_who_stay_keep_their_answers_whatever_their_spelling) {
  const std::string text = object_with(
      "DTSTART:20270121T090000Z\nORGANIZER;CN=Avery:mailto:alias@me.example\n"
      "ATTENDEE;CN=Avery;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:Avery@iCloud.example\n"
      "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Alias@me.example\n"
      "ATTENDEE;CN=\"Jane 'J' Doe\";PARTSTAT=ACCEPTED;SCHEDULE-STATUS=2.0;X-ODD=1:MAILTO:Jane@Candidate.TEST\n"
      "ATTENDEE;PARTSTAT=DECLINED;EMAIL=sam@work.test:/2/principal/\n"
      "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room5@work.test\n"
      "ATTENDEE;PARTSTAT=TENTATIVE:mailto:leaves@work.test\n");
  EventContent wanted = content();
  wanted.guests.push_back({.email = "new@work.test"});
  const std::string guests = lines(changed(text, wanted, {.guests = true}), "ATTENDEE");
  CHECK_EQUAL(guests,
              "ATTENDEE;CN=Avery;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:Avery@iCloud.example\n"
              "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Alias@me.example\n"
              "ATTENDEE;CN=\"Jane 'J' Doe\";PARTSTAT=ACCEPTED;SCHEDULE-STATUS=2.0;X-ODD=1:MAILTO:Jane@Candidate.TEST\n"
              "ATTENDEE;PARTSTAT=DECLINED;EMAIL=sam@work.test;ROLE=OPT-PARTICIPANT:/2/principal/\n"
              "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room5@work.test\n"
              "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:new@work.test\n");
  const auto answers = read(text).event.answers;
  CHECK(answers == Answers({{.email = "Jane@Candidate.TEST", .attendance = Attendance::accepted},
                            {.email = "sam@work.test", .attendance = Attendance::declined},
                            {.email = "leaves@work.test", .attendance = Attendance::tentative}}));
}

CALINT_TEST(whoever_stands_there_apart_is_invited_no_second_time) {
  const std::string own = "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:Alias@me.example\n";
  const std::string room = "ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED:mailto:room5@work.test\n";
  const std::string text = object_with("DTSTART:20270121T090000Z\nORGANIZER:mailto:alias@me.example\n" + own + room);
  EventContent wanted = content();
  wanted.guests = {{.email = "alias@me.example", .name = "Avery"}, {.email = "Room5@work.test"}};
  CHECK_EQUAL(changed(text, wanted, {.guests = true}), text);

  // The organiser is no guest under any of the account's addresses.
  wanted.guests = {{.email = "AVERY@icloud.example"}, {.email = "jane@candidate.test"}};
  CHECK_EQUAL(lines(changed(text, wanted, {.guests = true}), "ATTENDEE"),
              own + room + "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:"
                           "mailto:jane@candidate.test\n");
  const std::string made = caldav::written_object(kKey, wanted, kAvery, kNow);
  CHECK_EQUAL(read(made).event.answers.size(), 1);
  CHECK_EQUAL(unfolded(made).find("mailto:AVERY@icloud.example"), std::string::npos);
  wanted.notifies = false;
  CHECK_EQUAL(event_of(caldav::written_object(kKey, wanted, kAvery, kNow)).text("DESCRIPTION"),
              wanted.description + "\n\n\xE2\x80\xA2 jane@candidate.test");
}

CALINT_TEST(a_reminder_of_ours_comes_and_goes_among_those_of_others) {
  const std::string text =
      object_with("DTSTART:20270121T090000Z\nBEGIN:VALARM\nUID:theirs\nTRIGGER:-PT60M\nEND:VALARM\n");
  EventContent wanted = content();
  const std::string with = changed(text, wanted, {.reminder = true});
  CHECK_EQUAL(event_of(with).components.size(), 2);
  wanted.reminder = 0;
  const std::string later = changed(with, wanted, {.reminder = true});
  CHECK_EQUAL(event_of(later).components.at(1).text("TRIGGER"), "-PT0M");
  CHECK_EQUAL(changed(later, wanted, {.reminder = true}), later);
  wanted.reminder.reset();
  const std::string without = changed(later, wanted, {.reminder = true});
  CHECK_EQUAL(event_of(without).components.size(), 1);
  CHECK_EQUAL(event_of(without).components.at(0).text("UID"), "theirs");
}

CALINT_TEST(of_a_series_the_master_is_changed_and_read) {
  const std::string text = "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:" + kKey +
                           "\nRECURRENCE-ID:20270128T090000Z\nDTSTART:20270128T120000Z\nSUMMARY:Once\nEND:VEVENT\n"
                           "BEGIN:VEVENT\nUID:" + kKey + "\nDTSTART:20270121T090000Z\nDTEND:20270121T100000Z\n"
                           "RRULE:FREQ=WEEKLY;BYDAY=TH\nSUMMARY:Each\nSEQUENCE:1\nEND:VEVENT\nEND:VCALENDAR\n";
  const caldav::ReadEvent event = read(text);
  CHECK(event.event.start == kStart && event.event.end == kStart + std::chrono::hours(1));
  const std::string titled = changed(text, content(), {.title = true});
  CHECK(titled.find("SUMMARY:Once\r\n") != std::string::npos && titled.find("SUMMARY:Each") == std::string::npos);
  CHECK(titled.find("RRULE:FREQ=WEEKLY;BYDAY=TH\r\n") != std::string::npos);
}

CALINT_TEST(an_event_is_read_as_it_stands) {
  struct {
    const char* inside;
    int64_t start, length;  // seconds from kStart
    bool cancelled, declined;
  } cases[] = {
      {"DTSTART:20270121T100000Z\nDTEND:20270121T103000Z\n", 3600, 1800, false, false},
      {"DTSTART;TZID=America/New_York:20270121T040000\nDTEND;TZID=Europe/Berlin:20270121T110000\n", 0, 3600, false,
       false},
      {"DTSTART;VALUE=DATE:20270121\nDTEND;VALUE=DATE:20270123\n", -9 * 3600, 2 * 86400, false, false},
      {"DTSTART:20270121T090000\nDURATION:PT20M\n", 0, 1200, false, false},
      {"DTSTART:20270121T090000Z\n", 0, 0, false, false},
      {"DTSTART:20270121T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n", 0, 3600, true, false},
      {"DTSTART:20270121T090000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:avery@icloud.example\n", 0, 3600,
       false, true},
      {"DTSTART:20270121T090000Z\nDURATION:PT1H\nORGANIZER:mailto:alias@me.example\n"
       "ATTENDEE;PARTSTAT=DECLINED:mailto:alias@me.example\n", 0, 3600, false, true},
      {"DTSTART:20270121T090000Z\nDURATION:PT1H\nATTENDEE;PARTSTAT=DECLINED:mailto:jane@candidate.test\n", 0, 3600,
       false, false},
      {"DTSTART:20270121T090000Z\nDURATION:PT1H\nTRANSP:TRANSPARENT\n", 0, 3600, false, false},
      {"RRULE:FREQ=SECONDLY\nDTSTART:20270121T090000Z\nDURATION:PT1H\n", 0, 3600, false, false},
  };
  for (const auto& one : cases) {
    const caldav::ReadEvent event = read(object_with(one.inside));
    ck_assert_msg(event.event.start == kStart + std::chrono::seconds(one.start), "start of %s", one.inside);
    ck_assert_msg(event.event.end == event.event.start + std::chrono::seconds(one.length), "end of %s", one.inside);
    ck_assert_msg(event.is_cancelled == one.cancelled, "%s", one.inside);
    ck_assert_msg(event.event.organiser_declined == one.declined, "%s", one.inside);
  }
}

CALINT_TEST(an_object_that_isnt_ours_or_isnt_whole_isnt_changed) {
  const std::string others = replaced(object_with("DTSTART:20270121T090000Z\n"), kKey, "another");
  auto event = caldav::read_event(others, kKey, kAvery);
  CHECK_OK(event);
  CHECK(!event->has_value());
  CHECK_FAULT(caldav::changed_object(others, kKey, content(), kAll, kAvery, kNow), Fault::gone);
  for (const std::string& text : {std::string("<html>sign in</html>"), std::string(), object_with("").substr(0, 90)}) {
    CHECK_FAULT(caldav::read_event(text, kKey, kAvery), Fault::unavailable);
    CHECK_FAULT(caldav::changed_object(text, kKey, content(), kAll, kAvery, kNow), Fault::unavailable);
  }
}

CALINT_TEST(what_goes_with_an_old_place_or_text_goes_too) {
  const std::string text = object_with("DTSTART:20270121T090000Z\nLOCATION;ALTREP=\"x:y\":Old\nGEO:1;2\n"
                                "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Old:geo:1,2\nDESCRIPTION:Old\n"
                                "X-ALT-DESC;FMTTYPE=text/html:<p>Old</p>\n");
  const std::string moved = changed(text, content(), {.description = true, .location = true});
  CHECK_EQUAL(lines(moved, "LOCATION"), "LOCATION:Room 5\n");
  CHECK_EQUAL(lines(moved, "GEO") + lines(moved, "X-APPLE-STR") + lines(moved, "X-ALT"), "");
}

CALINT_TEST(libical_reads_what_was_written) {
  EventContent wanted = content();
  wanted.title = "Gespr\xC3\xA4" "ch \xE2\x80\x9Cmit\xE2\x80\x9D Jane; a, b: c \\ d " + std::string(90, 'x');
  icalcomponent* root = icalparser_parse_string(caldav::written_object(kKey, wanted, kAvery, kNow).c_str());
  CHECK(root != nullptr);
  CHECK_EQUAL(icalcomponent_count_errors(root), 0);
  CHECK_EQUAL(icalrestriction_check(root), 1);
  icalcomponent* event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
  CHECK(event != nullptr);
  CHECK_EQUAL(std::string(icalcomponent_get_summary(event)), wanted.title);
  CHECK_EQUAL(std::string(icalcomponent_get_description(event)), wanted.description);
  CHECK_EQUAL(std::string(icalcomponent_get_uid(event)), kKey);
  CHECK_EQUAL(static_cast<int64_t>(icaltime_as_timet(icalcomponent_get_dtend(event))), 1800522000 + 45 * 60);
  icalproperty* guest = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
  CHECK(guest != nullptr);
  CHECK_EQUAL(std::string(icalproperty_get_attendee(guest)), "mailto:jane@candidate.test");
  CHECK_EQUAL(std::string(icalproperty_get_parameter_as_string(guest, "CN")), "Jane 'J' Doe");
  CHECK_EQUAL(icalcomponent_count_components(event, ICAL_VALARM_COMPONENT), 1);
  icalcomponent_free(root);
}
