#include "provider/google/event_series.h"

#include <fmt/format.h>

#include "series_text.h"
#include "support/check.h"

using namespace calint;
using test::shown;

namespace {

constexpr char kBefore[] = R"({"kind":"calendar#events","timeZone":"Europe/Berlin","items":[)";

google::EventPage page(const std::string& items, const calendar::Accounts& accounts = {}) {
  return google::parse_event_page(kBefore + items + "]}", accounts);
}

// The events of a page, "; " between them, and behind "!" what was left out.
std::string read(const std::string& items, const calendar::Accounts& accounts = {}) {
  const google::EventPage found = page(items, accounts);
  std::string text;
  for (const google::EventItem& item : found.items) text += (text.empty() ? "" : "; ") + shown(item.event);
  return found.left_out.empty() ? text : text + " ! " + shown(found.left_out);
}

std::string event(const std::string& members) {
  return R"({"id":"a","start":{"dateTime":"2027-03-02T09:00:00+01:00"},)"
         R"("end":{"dateTime":"2027-03-02T10:00:00+01:00"})" +
         (members.empty() ? "" : "," + members) + "}";
}

std::string standing(const std::string& members, const calendar::Accounts& accounts = {}) {
  const google::EventPage found = page(event(members), accounts);
  CHECK_EQUAL(found.items.size(), 1);
  CHECK(found.left_out.empty());
  return std::string(to_string(found.items[0].event.standing));
}

// A calendar over several syncs.
struct Calendar {
  provider::KnownSeries known = {};

  std::string sync(const std::string& items) {
    auto changes = google::merge(known, page(items).items);
    std::string text = shown(changes);
    apply(std::move(changes), known);
    return text;
  }
};

constexpr char kWeekly[] =
    R"({"id":"w","start":{"dateTime":"2027-03-02T09:00:00+01:00","timeZone":"Europe/Berlin"},)"
    R"("end":{"dateTime":"2027-03-02T10:00:00+01:00","timeZone":"Europe/Berlin"},"recurrence":["RRULE:FREQ=WEEKLY"]})";
constexpr char kWeeklyShown[] =
    "[w busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=WEEKLY]";

std::string moved(const char* id, const char* day, const char* to) {
  return fmt::format(
      R"({{"id":"{}","recurringEventId":"w","originalStartTime":{{"dateTime":"2027-03-{}T09:00:00+01:00"}},)"
      R"("start":{{"dateTime":"2027-03-{}T09:00:00+01:00"}},"end":{{"dateTime":"2027-03-{}T10:00:00+01:00"}}}})",
      id, day, to, to);
}

std::string cancelled(const char* id, const char* day) {
  return fmt::format(R"({{"id":"{}","status":"cancelled","recurringEventId":"w",)"
                     R"("originalStartTime":{{"dateTime":"2027-03-{}T09:00:00+01:00"}}}})",
                     id, day);
}

}  // namespace

CALINT_TEST(a_single_google_event_is_two_instants_and_a_series_is_a_clock) {
  CHECK_EQUAL(read(event("")), "a busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC");
  CHECK_EQUAL(read(event(R"("recurrence":["RRULE:FREQ=DAILY","EXDATE:20270303T080000Z"])")),
              "a busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin"
              " | RRULE:FREQ=DAILY | EXDATE:20270303T080000Z");
  // The zone in which a rule is expanded isn't the offset's.
  CHECK_EQUAL(read(R"({"id":"a","start":{"dateTime":"2027-03-03T02:00:00Z","timeZone":"America/Los_Angeles"},)"
                   R"("end":{"dateTime":"2027-03-03T03:00:00Z"},"recurrence":["RRULE:FREQ=DAILY"]})"),
              "a busy 2027-03-02T18:00 America/Los_Angeles - 2027-03-02T19:00 America/Los_Angeles | RRULE:FREQ=DAILY");
  CHECK_EQUAL(read(R"({"id":"a","start":{"date":"2027-03-02"},"end":{"date":"2027-03-04"}})"),
              "a busy 2027-03-02 - 2027-03-04");
  CHECK_EQUAL(read(R"({"id":"a","start":{"dateTime":"2027-03-02T09:00:00","timeZone":"Asia/Tokyo"},)"
                   R"("end":{"dateTime":"2027-03-02T10:00:00"}})"),
              "a busy 2027-03-02T09:00 Asia/Tokyo - 2027-03-02T10:00 Asia/Tokyo");
}

CALINT_TEST(a_zone_that_nobody_knows_stands_for_the_calendar_s) {
  CHECK_EQUAL(read(R"({"id":"a","start":{"dateTime":"2027-03-02T09:00:00+01:00","timeZone":"Middle/Earth"},)"
                   R"("end":{"dateTime":"2027-03-02T10:00:00+01:00","timeZone":"Middle/Earth"},)"
                   R"("recurrence":["RRULE:FREQ=DAILY"]})"),
              "a busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=DAILY"
              " ! a names a time zone that isn't known");
  const auto found = google::parse_event_page(
      R"({"timeZone":"Middle/Earth","items":[)" + event(R"("recurrence":["RRULE:FREQ=DAILY"])") + "]}", {});
  CHECK_EQUAL(shown(found.items.at(0).event),
              "a busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC | RRULE:FREQ=DAILY");
  CHECK(found.zone.empty());
  CHECK_EQUAL(found.left_out.size(), 3);
}

CALINT_TEST(how_a_google_event_counts) {
  CHECK_EQUAL(standing(""), "busy");
  CHECK_EQUAL(standing(R"("status":"tentative")"), "tentative");
  CHECK_EQUAL(standing(R"("status":"ofTomorrow","transparency":"opaque")"), "busy");
  CHECK_EQUAL(standing(R"("transparency":"transparent")"), "transparent");
  CHECK_EQUAL(standing(R"("eventType":"outOfOffice")"), "oof");
  CHECK_EQUAL(standing(R"("eventType":"workingLocation")"), "elsewhere");
  CHECK_EQUAL(standing(R"("eventType":"birthday")"), "birthday");
  CHECK_EQUAL(standing(R"("eventType":"focusTime")"), "busy");
  CHECK_EQUAL(standing(R"("eventType":"ofTomorrow")"), "busy");
}

CALINT_TEST(the_owner_s_answer_is_that_of_the_guest_who_is_the_owner) {
  const auto answered = [](const char* response) {
    return fmt::format(R"("attendees":[{{"email":"kim@example.net","responseStatus":"declined"}},)"
                       R"({{"email":"sam@example.org","self":true,"responseStatus":"{}"}}])",
                       response);
  };
  CHECK_EQUAL(standing(answered("accepted")), "busy");
  CHECK_EQUAL(standing(answered("declined")), "declined");
  CHECK_EQUAL(standing(answered("tentative")), "tentative");
  CHECK_EQUAL(standing(answered("needsAction")), "unanswered");
  CHECK_EQUAL(standing(answered("declined") + R"(,"status":"cancelled")"), "cancelled");
  const std::string unmarked = R"("attendees":[{"email":"Sam@Example.org","responseStatus":"declined"},3,null])";
  CHECK_EQUAL(standing(unmarked), "busy");
  CHECK_EQUAL(standing(unmarked, {"kim@example.net"}), "busy");
  CHECK_EQUAL(standing(unmarked, {"sam@example.com", "SAM@example.ORG"}), "declined");
  // Organizers need no invitation to their own meeting.
  CHECK_EQUAL(standing(R"("attendees":[{"self":true,"organizer":true,"responseStatus":"needsAction"}])"), "busy");
}

CALINT_TEST(what_cannot_be_read_of_google_loses_itself_alone) {
  CHECK_EQUAL(read(R"(null,{"start":{}},)" + event("") + R"(,{"id":"b"},{"id":"c","start":{"date":"2027-02-30"}})"),
              "a busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC ! an entry isn't a JSON object, or one of more than "
              "50,000 values; has no usable id; b has no usable start; c has no usable start");
  CHECK_EQUAL(read(R"({"id":"a","start":{"date":"2027-03-02"}})"), "a busy 2027-03-02 ! a has no usable end");
  CHECK_EQUAL(read(R"({"id":"a","start":{"date":"2027-03-02"},"endTimeUnspecified":true})"), "a busy 2027-03-02");
  CHECK_EQUAL(read(event(R"("recurrence":["RRULE:FREQ=DAILY",7])")),
              "a busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=DAILY"
              " ! a has a recurrence line that is no text");
  CHECK_EQUAL(read(event(R"("recurrence":{"RRULE":1})")),
              "a busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC ! a has no usable recurrence lines");
  CHECK_EQUAL(read(event(R"("recurrence":"RRULE:FREQ=DAILY","status":"tentative","status":"confirmed")")),
              "a busy 2027-03-02T09:00 Europe/Berlin - 2027-03-02T10:00 Europe/Berlin | RRULE:FREQ=DAILY");
}

CALINT_TEST(of_what_cannot_be_read_a_thousand_are_named) {
  std::string items = "7";
  for (int i = 0; i < 1500; ++i) items += R"(,{"id":"x"})";
  const google::EventPage found = page(items);
  CHECK(found.whole);
  CHECK_EQUAL(found.left_out.size(), provider::kMostReports + 1);
  CHECK_EQUAL(found.left_out.back().why, "more of it couldn't be read");
}

CALINT_TEST(a_page_tells_whether_it_is_one_and_where_it_goes_on) {
  const auto first = google::parse_event_page(R"({"items":[],"nextPageToken":"p\u00322"})", {});
  CHECK(first.whole);
  CHECK_EQUAL(first.next_page, "p22");
  CHECK(first.cursor.empty() && first.left_out.empty());
  const auto last = google::parse_event_page(R"({"nextSyncToken":"s1","items":[],"timeZone":"Europe/Kiev"})", {});
  CHECK(last.whole && last.next_page.empty());
  CHECK_EQUAL(last.cursor, "s1");
  CHECK(!last.zone.empty());
  for (const char* text : {"", "[]", "<html>", R"({"error":{"code":404}})", R"({"items":{}})", R"({"items":[})",
                           R"({"items":[]} {})", R"({"items":[{"id":"a"})"}) {
    const auto none = google::parse_event_page(text, {});
    CHECK(!none.whole && none.items.empty() && !none.left_out.empty());
  }
}

CALINT_TEST(an_exception_alone_changes_a_series_that_is_known) {
  Calendar calendar;
  CHECK_EQUAL(calendar.sync(kWeekly), std::string("w: ") + kWeeklyShown);
  CHECK_EQUAL(calendar.sync(moved("w_09", "09", "10")),
              std::string("w: ") + kWeeklyShown +
                  " [w_09 busy 2027-03-10T08:00 UTC - 2027-03-10T09:00 UTC for 2027-03-09T08:00 UTC]");
  CHECK_EQUAL(calendar.sync(cancelled("w_16", "16")),
              std::string("w: ") + kWeeklyShown +
                  " [w_09 busy 2027-03-10T08:00 UTC - 2027-03-10T09:00 UTC for 2027-03-09T08:00 UTC]"
                  " [w_16 cancelled 2027-03-16T08:00 UTC for 2027-03-16T08:00 UTC]");
  // A master that comes again keeps them; an exception that comes again replaces itself.
  CHECK_EQUAL(calendar.sync(kWeekly + ("," + moved("w_09", "09", "11"))),
              std::string("w: ") + kWeeklyShown +
                  " [w_16 cancelled 2027-03-16T08:00 UTC for 2027-03-16T08:00 UTC]"
                  " [w_09 busy 2027-03-11T08:00 UTC - 2027-03-11T09:00 UTC for 2027-03-09T08:00 UTC]");
  CHECK_EQUAL(calendar.sync(R"({"id":"w","status":"cancelled"})"), "-w");
  CHECK(calendar.known.empty());
}

CALINT_TEST(a_cancelled_exception_may_say_nothing_but_its_id) {
  Calendar calendar;
  calendar.sync(kWeekly + ("," + moved("w_09", "09", "10")));
  CHECK_EQUAL(calendar.sync(R"({"id":"w_09","status":"cancelled"})"),
              std::string("w: ") + kWeeklyShown + " [w_09 cancelled 2027-03-09T08:00 UTC for 2027-03-09T08:00 UTC]");
  CHECK_EQUAL(calendar.sync(R"({"id":"w_16","status":"cancelled"})"), "-w_16");
  CHECK_EQUAL(calendar.sync(R"({"id":"w_09","status":"cancelled","recurringEventId":"w"})"),
              std::string("w: ") + kWeeklyShown + " [w_09 cancelled 2027-03-09T08:00 UTC for 2027-03-09T08:00 UTC]");
  // Within one answer, too.
  CHECK_EQUAL(Calendar().sync(moved("w_09", "09", "10") + R"(,{"id":"w_09","status":"cancelled"})"),
              "w: [w_09 cancelled 2027-03-09T08:00 UTC for 2027-03-09T08:00 UTC]");
}

CALINT_TEST(an_exception_that_names_no_instance_stands_for_its_own_time) {
  const std::string text =
      R"({"id":"w_x","recurringEventId":"w","start":{"date":"2027-03-10"},"end":{"date":"2027-03-11"}})";
  CHECK_EQUAL(Calendar().sync(text), "w: [w_x busy 2027-03-10 - 2027-03-11 for 2027-03-10]");
  CHECK_EQUAL(shown(page(text).left_out), "w_x doesn't say which instance it stands for");
  CHECK_EQUAL(Calendar().sync(R"({"id":"w_x","recurringEventId":"w","status":"cancelled"})"), "");
}

CALINT_TEST(instances_outlive_their_series_only_where_the_same_answer_says_so) {
  Calendar calendar;
  calendar.sync(kWeekly + ("," + moved("w_09", "09", "10") + "," + moved("w_16", "16", "17")));
  const std::string ended = R"(,{"id":"w","status":"cancelled"},)";
  CHECK_EQUAL(calendar.sync(moved("w_09", "09", "11") + ended + cancelled("w_23", "23")),
              "w: [w_09 busy 2027-03-11T08:00 UTC - 2027-03-11T09:00 UTC for 2027-03-09T08:00 UTC]");
  CHECK_EQUAL(calendar.sync(R"({"id":"w","start":{"date":"2027-03-10"},"end":{"date":"2027-03-11"}})"),
              "w: [w busy 2027-03-10 - 2027-03-11]");
}

CALINT_TEST(the_last_of_an_id_counts_and_ids_are_compared_byte_by_byte) {
  CHECK_EQUAL(Calendar().sync(event("") + "," + event(R"("status":"tentative")")),
              "a: [a tentative 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]");
  const std::string both_gone = R"(,{"id":"A","status":"cancelled"},{"id":"a","status":"cancelled"})";
  CHECK_EQUAL(Calendar().sync(event("") + both_gone), "-A -a");
}
