// What reading calendars costs: a year of 1,000 ordinary series against libical's bare iterator, and iCalendar text
// read and evaluated against libical's bare parser. Prints a line of JSON a round, the two in turn.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <libical/ical.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "calendar/evaluate.h"
#include "calendar/icalendar.h"
#include "calendar/values.h"

namespace {

using namespace calint::calendar;
using Clock = std::chrono::steady_clock;

constexpr int kSeries = 1000;
constexpr const char* kReader = "Europe/Berlin";
// Rules as people have them. None is among those that libical gets wrong.
const std::vector<std::string> kRules = {
    "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,WE,FR",      "FREQ=DAILY",                 "FREQ=MONTHLY;BYDAY=2TU",
    "FREQ=YEARLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "FREQ=MONTHLY;BYMONTHDAY=15", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"};

SysTime begin_of(int year) { return std::chrono::sys_days(std::chrono::year(year) / 1 / 1); }
const Window kYear{begin_of(2027), begin_of(2028)};

[[noreturn]] void fail(const char* what) {
  fmt::print(stderr, "bench_calendars: {}\n", what);
  std::exit(1);
}

template <typename Work>
double seconds_of(Work work) {
  const auto begun = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

std::string start_of(int number) { return fmt::format("202701{:02}T{:02}3000", number % 28 + 1, 8 + number % 9); }

std::vector<Series> ordinary_series() {
  std::vector<Series> all;
  for (int i = 0; i < kSeries; ++i) {
    Series& series = all.emplace_back(Series{.key = std::to_string(i)});
    series.events.push_back({.start = *parse_time(start_of(i), kReader),
                             .duration = WrittenDuration{.seconds = 1800},
                             .recurrence = {"RRULE:" + kRules[static_cast<size_t>(i) % kRules.size()]}});
  }
  return all;
}

size_t instances_of_ours(const std::vector<Series>& all) {
  size_t count = 0;
  for (const Series& series : all) count += evaluate(series, kReader, kYear).events[0].instances;
  return count;
}

// Parses the rule, as ours does, and steps through the year; no zone and no length is looked at. A start that its rule
// doesn't name isn't found by libical, and is added.
size_t instances_of_libical() {
  const icaltimetype end = icaltime_from_string("20280101T000000");
  size_t count = 0;
  for (int i = 0; i < kSeries; ++i) {
    icalrecurrencetype rule = icalrecurrencetype_from_string(kRules[static_cast<size_t>(i) % kRules.size()].c_str());
    const icaltimetype start = icaltime_from_string(start_of(i).c_str());
    icalrecur_iterator* iterator = icalrecur_iterator_new(rule, start);
    if (iterator == nullptr) fail("libical has no iterator for a rule");
    icaltimetype at = icalrecur_iterator_next(iterator);
    if (icaltime_compare(at, start) != 0) ++count;
    for (; !icaltime_is_null_time(at) && icaltime_compare(at, end) < 0; at = icalrecur_iterator_next(iterator)) ++count;
    icalrecur_iterator_free(iterator);
  }
  return count;
}

// A calendar as a client writes it, with what we don't read.
std::string text_of(size_t events) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\nCALSCALE:GREGORIAN\r\n";
  for (size_t i = 0; i < events; ++i) {
    const std::string start = start_of(static_cast<int>(i % 1000));
    text += fmt::format(
        "BEGIN:VEVENT\r\nUID:{}@example.org\r\nDTSTAMP:20261201T080000Z\r\nDTSTART;TZID=Europe/Berlin:{}\r\n"
        "DURATION:PT30M\r\nSUMMARY:A meeting of some people about something\r\nLOCATION:Room {}\r\n"
        "DESCRIPTION:Lines of text that nobody reads\\, folded where the standard\r\n  says that lines are\r\n"
        "ORGANIZER;CN=Kim:mailto:kim@example.net\r\nATTENDEE;CN=Sam;PARTSTAT=ACCEPTED:mailto:sam@example.org\r\n"
        "SEQUENCE:1\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n{}END:VEVENT\r\n",
        i, start, i, i % 4 == 0 ? "RRULE:FREQ=WEEKLY;COUNT=10\r\n" : "");
  }
  return text + "END:VCALENDAR\r\n";
}

size_t intervals_of(const std::vector<Source>& sources) {
  size_t count = 0;
  const Reading reading = read_icalendar(sources, {"sam@example.org"});
  for (const Series& series : reading.series) count += evaluate(series, kReader, kYear).intervals.size();
  return count;
}

void parse_with_libical(const std::string& text) {
  icalcomponent* parsed = icalparser_parse_string(text.c_str());
  if (parsed == nullptr) fail("libical can't parse the text");
  icalcomponent_free(parsed);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"What reading calendars costs, against libical", "bench_calendars"};
  int rounds = 5;
  size_t events = 5000;
  app.add_option("--rounds", rounds, "rounds, of which each is printed");
  app.add_option("--events", events, "events of the text");
  CLI11_PARSE(app, argc, argv);

  const std::vector<Series> series = ordinary_series();
  const std::string text = text_of(events);
  const std::vector<Source> once{{.name = "once", .text = text}};
  const std::vector<Source> more{{.name = "four times", .text = text_of(4 * events)}};
  if (instances_of_ours(series) != instances_of_libical()) fail("the two don't find the same instances");
  for (int i = 0; i < rounds; ++i) {
    const double expand = seconds_of([&] { instances_of_ours(series); });
    const double iterate = seconds_of([] { instances_of_libical(); });
    const double read = seconds_of([&] { if (intervals_of(once) < events) fail("intervals are missing"); });
    const double parse = seconds_of([&] { parse_with_libical(text); });
    const double read_more = seconds_of([&] { intervals_of(more); });
    fmt::print("{{\"expand_ms\": {}, \"iterate_ms\": {}, \"read_mb\": {}, \"parse_mb\": {}, \"four_times\": {}}}\n",
               expand * 1e3, iterate * 1e3, static_cast<double>(text.size()) / read / 1e6,
               static_cast<double>(text.size()) / parse / 1e6, read_more / read);
  }
  return 0;
}
