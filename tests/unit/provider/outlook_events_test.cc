#include "provider/outlook/event_series.h"

#include <fmt/format.h>

#include "series_text.h"
#include "support/check.h"

using namespace calint;
using test::shown;

namespace {

outlook::EventPage page(const std::string& items) { return outlook::parse_event_page(R"({"value":[)" + items + "]}"); }

// A calendar over several syncs.
struct Calendar {
  provider::KnownSeries known = {};

  std::string sync(const std::string& items) {
    auto changes = outlook::merge(known, page(items).items);
    std::string text = shown(changes);
    apply(std::move(changes), known);
    return text;
  }
};

// On 2 March 2027 in the hours given.
std::string times(int from, int to) {
  return fmt::format(R"("start":{{"dateTime":"2027-03-02T{:02}:00:00.0000000","timeZone":"UTC"}},)"
                     R"("end":{{"dateTime":"2027-03-02T{:02}:00:00.0000000","timeZone":"UTC"}})",
                     from, to);
}

std::string event(const std::string& members) {
  return R"({"id":"a","type":"singleInstance","showAs":"busy",)" + times(8, 9) +
         (members.empty() ? "" : "," + members) + "}";
}

std::string master(const std::string& members = R"("showAs":"oof")") {
  return R"({"id":"m","type":"seriesMaster",)" + times(1, 2) + "," + members + "}";
}

std::string stub(const char* id, int from) {
  return fmt::format(R"({{"id":"{}","type":"occurrence","seriesMasterId":"m",{}}})", id, times(from, from + 1));
}

std::string exception(const char* id, int from, const char* show_as) {
  return fmt::format(R"({{"id":"{}","type":"exception","seriesMasterId":"m","showAs":"{}","isAllDay":false,{}}})", id,
                     show_as, times(from, from + 1));
}

std::string removed(const char* id) { return fmt::format(R"({{"id":"{}","@removed":{{"reason":"deleted"}}}})", id); }

std::string standing(const std::string& members) {
  Calendar calendar;
  calendar.sync(event(members));
  return std::string(to_string(calendar.known.at("a").events.at(0).standing));
}

}  // namespace

CALINT_TEST(an_outlook_event_counts_as_it_is_shown_and_answered) {
  CHECK_EQUAL(standing(""), "busy");
  CHECK_EQUAL(standing(R"("showAs":"tentative")"), "tentative");
  CHECK_EQUAL(standing(R"("showAs":"oof")"), "oof");
  CHECK_EQUAL(standing(R"("showAs":"free")"), "transparent");
  CHECK_EQUAL(standing(R"("showAs":"workingElsewhere")"), "elsewhere");
  for (const char* word : {"unknown", "ofTomorrow", "Free", ""})
    CHECK_EQUAL(standing(fmt::format(R"("showAs":"{}")", word)), "busy");
  CHECK_EQUAL(standing(R"("isCancelled":true)"), "cancelled");
  CHECK_EQUAL(standing(R"("isCancelled":"false")"), "busy");
  const auto answered = [](const char* show_as, const char* response) {
    return standing(fmt::format(R"("showAs":"{}","responseStatus":{{"response":"{}"}})", show_as, response));
  };
  CHECK_EQUAL(answered("busy", "declined"), "declined");
  CHECK_EQUAL(answered("tentative", "notResponded"), "unanswered");
  CHECK_EQUAL(answered("busy", "tentativelyAccepted"), "tentative");
  CHECK_EQUAL(answered("free", "notResponded"), "transparent");
  for (const char* word : {"none", "organizer", "accepted", "ofTomorrow"}) CHECK_EQUAL(answered("busy", word), "busy");
}

CALINT_TEST(days_are_dates_whatever_zone_they_are_labelled_with) {
  const auto day = [](const char* start, const char* end, const char* zone) {
    return Calendar().sync(fmt::format(R"({{"id":"a","isAllDay":true,"start":{{"dateTime":"{}","timeZone":"{}"}},)"
                                       R"("end":{{"dateTime":"{}","timeZone":"{}"}}}})",
                                       start, zone, end, zone));
  };
  for (const char* zone : {"UTC", "Tokyo Standard Time", "Customized Time Zone"})
    CHECK_EQUAL(day("2027-03-02T00:00:00.0000000", "2027-03-03T00:00:00.0000000", zone),
                "a: [a busy 2027-03-02 - 2027-03-03]");
  CHECK_EQUAL(day("2027-03-01T23:00:00.0000000", "2027-03-02T23:00:00.0000000", "UTC"),
              "a: [a busy 2027-03-01T23:00 UTC - 2027-03-02T23:00 UTC]");
  CHECK_EQUAL(day("2027-03-02", "2027-03-03", "UTC"), "a: [a busy 2027-03-02 - 2027-03-03]");
}

CALINT_TEST(a_time_has_its_own_zone) {
  const auto at = [](const std::string& zone) {
    const auto found = page(R"({"id":"a","start":{"dateTime":"2027-03-02T09:00:00.0000000")" + zone + "}}");
    return shown(found.items.at(0).start) + " ! " + shown(found.left_out);
  };
  CHECK_EQUAL(at(R"(,"timeZone":"W. Europe Standard Time")"), "2027-03-02T09:00 Europe/Berlin ! a has no usable end");
  CHECK_EQUAL(at(R"(,"timeZone":"tzone://Microsoft/Utc")"), "2027-03-02T09:00 UTC ! a has no usable end");
  CHECK_EQUAL(at(R"(,"timeZone":null)"), "2027-03-02T09:00 UTC ! a has no usable end");
  CHECK_EQUAL(at(""), "2027-03-02T09:00 UTC ! a has no usable end");
  CHECK_EQUAL(at(R"(,"timeZone":"Middle-earth Standard Time")"),
              "2027-03-02T09:00 floating ! a names a time zone that isn't known; a has no usable end");
}

CALINT_TEST(what_cannot_be_read_of_graph_loses_itself_alone) {
  const auto found = page(R"({"type":"singleInstance"},7,)" + event("") +
                          R"(,{"id":"b","showAs":"busy"},{"id":"c","start":"now"})");
  CHECK(found.whole);
  CHECK_EQUAL(found.items.size(), 1);
  CHECK_EQUAL(shown(found.left_out),
              "has no usable id; an entry isn't a JSON object, or one of more than 50,000 values; "
              "b has no usable start; c has no usable start");
  CHECK(!outlook::parse_event_page(R"({"error":{"code":"ErrorItemNotFound"}})").whole);
  const auto first = outlook::parse_event_page(R"({"value":[],"@odata.nextLink":"https://graph.microsoft.com/x"})");
  CHECK(first.whole);
  CHECK_EQUAL(first.next_page, "https://graph.microsoft.com/x");
  CHECK(first.cursor.empty());
  const auto last = outlook::parse_event_page(R"({"value":[],"@odata.deltaLink":"https://graph.microsoft.com/y"})");
  CHECK(last.whole && last.next_page.empty());
  CHECK_EQUAL(last.cursor, "https://graph.microsoft.com/y");
}

CALINT_TEST(occurrences_count_as_their_master_does_and_it_is_no_time_of_its_own) {
  const std::string stubs =
      "m: [o1 oof 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC] [o2 busy 2027-03-02T10:00 UTC - 2027-03-02T11:00 UTC]";
  CHECK_EQUAL(Calendar().sync(stub("o1", 8) + "," + exception("o2", 10, "busy") + "," + master()), stubs);
  CHECK_EQUAL(Calendar().sync(master() + "," + exception("o2", 10, "busy") + "," + stub("o1", 8)), stubs);
  Calendar calendar;
  calendar.sync(master() + "," + stub("o1", 8));
  CHECK_EQUAL(calendar.sync(stub("o3", 12)), "m: [o3 oof 2027-03-02T12:00 UTC - 2027-03-02T13:00 UTC]");
  CHECK_EQUAL(calendar.sync(master(R"("showAs":"free")") + "," + stub("o3", 12)),
              "m: [o3 transparent 2027-03-02T12:00 UTC - 2027-03-02T13:00 UTC]");
  CHECK_EQUAL(calendar.sync(master(R"("showAs":"busy","isCancelled":true)") + "," + stub("o3", 12)),
              "m: [o3 cancelled 2027-03-02T12:00 UTC - 2027-03-02T13:00 UTC]");
}

CALINT_TEST(occurrences_without_a_master_are_busy_until_it_comes) {
  Calendar calendar;
  const std::string exc = " [o2 tentative 2027-03-02T10:00 UTC - 2027-03-02T11:00 UTC]";
  CHECK_EQUAL(calendar.sync(stub("o1", 8) + "," + exception("o2", 10, "tentative")),
              "m: [o1 busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]" + exc + " ?m");
  CHECK_EQUAL(calendar.sync(master()), "m: [o1 oof 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]" + exc);
  // Known now, it is what the round has of the series: nothing.
  CHECK_EQUAL(calendar.sync(master()), "m:");
  CHECK_EQUAL(Calendar().sync(exception("o2", 10, "tentative")), "m:" + exc);
}

CALINT_TEST(a_series_that_is_named_is_replaced) {
  Calendar calendar;
  calendar.sync(master() + "," + stub("o1", 8) + "," + stub("o2", 10) + "," + event(""));
  CHECK_EQUAL(calendar.sync(master() + "," + stub("o2", 11)),
              "m: [o2 oof 2027-03-02T11:00 UTC - 2027-03-02T12:00 UTC]");
  CHECK_EQUAL(calendar.sync(removed("m")), "-m");
  CHECK_EQUAL(calendar.known.size(), 1);
  CHECK(calendar.known.contains("a"));
}

CALINT_TEST(what_is_removed_goes_alone) {
  Calendar calendar;
  calendar.sync(master() + "," + stub("o1", 8) + "," + stub("o2", 10) + "," + event(""));
  CHECK_EQUAL(calendar.sync(removed("o1") + "," + removed("nobody") + "," + removed("A")),
              "m: [o2 oof 2027-03-02T10:00 UTC - 2027-03-02T11:00 UTC]");
  CHECK_EQUAL(calendar.sync(removed("o2") + "," + removed("a")), "m: -a");
  CHECK_EQUAL(calendar.sync(stub("o2", 10)), "m: [o2 oof 2027-03-02T10:00 UTC - 2027-03-02T11:00 UTC]");
  // The last of an id counts.
  CHECK_EQUAL(calendar.sync(event("") + "," + removed("a") + "," + removed("b") + "," + event(R"("id":"b")")),
              "b: [b busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]");
}

CALINT_TEST(days_of_a_series_are_days_because_its_master_says_so) {
  const std::string whole = R"({"id":"m","type":"seriesMaster","showAs":"busy","isAllDay":true})";
  const std::string day = R"({"id":"o1","type":"occurrence","seriesMasterId":"m",)"
                          R"("start":{"dateTime":"2027-03-02T00:00:00.0000000","timeZone":"UTC"},)"
                          R"("end":{"dateTime":"2027-03-03T00:00:00.0000000","timeZone":"UTC"}})";
  CHECK_EQUAL(Calendar().sync(whole + "," + day), "m: [o1 busy 2027-03-02 - 2027-03-03]");
  Calendar calendar;
  CHECK_EQUAL(calendar.sync(day), "m: [o1 busy 2027-03-02T00:00 UTC - 2027-03-03T00:00 UTC] ?m");
  CHECK_EQUAL(calendar.sync(whole), "m: [o1 busy 2027-03-02 - 2027-03-03]");
}

CALINT_TEST(a_meeting_may_become_a_series_and_a_series_a_meeting) {
  Calendar calendar;
  calendar.sync(event(R"("id":"m")"));
  CHECK_EQUAL(calendar.sync(master() + "," + stub("o1", 8)), "m: [o1 oof 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]");
  CHECK_EQUAL(calendar.sync(event(R"("id":"m")")), "m: [m busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC]");
}

CALINT_TEST(memory_that_is_no_memory_is_none) {
  for (const char* text : {"", "x", "[]", R"({"master":7})", R"({"waiting":{}})"}) {
    Calendar calendar;
    calendar.known["m"] = {.key = "m", .memory = text};
    CHECK_EQUAL(calendar.sync(stub("o1", 8)), "m: [o1 busy 2027-03-02T08:00 UTC - 2027-03-02T09:00 UTC] ?m");
  }
}
