// `calintctl explain`: what the evaluator makes of calendar data, event by event: of files, or of what is stored.
#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "calendar/evaluate.h"
#include "calendar/values.h"
#include "calendar/zones.h"
#include "ctl/command.h"
#include "ctl/input_file.h"
#include "ctl/stored_events.h"
#include "provider/providers.h"

namespace calint::ctl {
namespace {

using calendar::Event;
using calendar::Explanation;
using calendar::Interval;
using calendar::LeftOut;
using calendar::Reading;
using calendar::Series;
using calendar::Source;
using calendar::Standing;
using calendar::SysTime;
using calendar::Window;

constexpr size_t kLongestText = 1000;  // of an id, which may hold anything
// A person waits, and may ask for 100 years: of one series more is counted than elsewhere. Where all together need too
// much, what is left gets little.
constexpr calendar::Limits kOfSeries{.intervals = 100'000, .steps = 3'000'000};
constexpr calendar::Limits kOfAll{.intervals = 5'000'000, .steps = 50'000'000};
constexpr int64_t kFewestSteps = 50;

Error wrong(std::string what) { return {.fault = Fault::bad_input, .what = std::move(what)}; }

// RFC 3339; without an offset it is a time of the zone.
Result<SysTime> parse_end(const std::string& text, const char* option, std::string_view zone) {
  const auto time = calendar::parse_time(text);
  const auto instant = time ? calendar::to_instant(time->local, time->zone.empty() ? zone : time->zone) : std::nullopt;
  if (!instant) return wrong(fmt::format("{}: not a time like 2026-12-24T09:00:00Z", option));
  return *instant;
}

struct Question {
  std::string zone;
  Window window;
};

// An end that isn't said is `known`'s.
Result<Question> parse_question(const ExplainCommand& command, const Window& known) {
  const auto zone = calendar::iana_name(command.zone);
  if (!zone || calendar::find_zone(*zone) == nullptr) return wrong("--zone: not a time zone like Europe/Berlin");
  const auto from = command.from.empty() ? Result<SysTime>(known.from) : parse_end(command.from, "--from", *zone);
  if (!from) return from.error();
  const auto to = command.to.empty() ? Result<SysTime>(known.to) : parse_end(command.to, "--to", *zone);
  if (!to) return to.error();
  if (*to <= *from) return wrong("--to: must be after --from");
  return Question{.zone = *zone, .window = {*from, *to}};
}

struct Asked {
  Question question;
  Reading reading;
};

Result<Asked> read_files(const ExplainCommand& command) {
  for (const auto& [option, value] : {std::pair("--provider", &command.provider), std::pair("--zone", &command.zone),
                                      std::pair("--from", &command.from), std::pair("--to", &command.to)})
    if (value->empty()) return wrong(fmt::format("{} is missing", option));
  if (command.files.empty()) return wrong("FILE is missing");
  const auto provider = parse_provider(command.provider);
  if (!provider) return wrong("--provider: " + provider_names());
  auto question = parse_question(command, {});
  if (!question) return std::move(question).error();
  std::vector<Source> sources;
  for (const std::string& name : command.files) {
    auto text = read_input(name);
    if (!text) return std::move(text).error();
    sources.push_back({.name = name, .text = std::move(*text)});
  }
  return Asked{std::move(*question), calendar_reader(*provider)(sources, command.accounts)};
}

Result<Asked> read_stored(const Options& options, ExplainCommand command) {
  if (!command.files.empty() || !command.provider.empty() || !command.accounts.empty())
    return wrong("--integration needs neither FILE nor --provider nor --account");
  if (command.zone.empty()) command.zone = calendar::kUtc;
  if (auto known = need_database(options); !known) return std::move(known).error();
  auto stored = stored_events(*open_pool(options), command.integration, command_deadline());
  if (!stored) return std::move(stored).error();
  const bool is_known = stored->known.from < stored->known.to;
  if (!is_known && (command.from.empty() || command.to.empty()))
    return Error{.fault = Fault::not_found, .what = "nothing is known of this integration's calendars yet"};
  auto question = parse_question(command, stored->known);
  if (!question) return std::move(question).error();
  return Asked{std::move(*question), std::move(stored->reading)};
}

// One event, and what became of it.
struct Line {
  const Series* series;
  const Event* event;
  Explanation explanation;
};

struct Answer {
  std::vector<Interval> busy;
  std::vector<Line> events;
  std::vector<LeftOut> left_out;
};

Answer answer(const Reading& reading, const Question& question) {
  Answer all{.left_out = reading.left_out};
  int64_t steps = kOfAll.steps;
  for (const Series& series : reading.series) {
    const calendar::Limits limits{
        .intervals = std::min(kOfAll.intervals - std::min(all.busy.size(), kOfAll.intervals), kOfSeries.intervals),
        .steps = std::clamp(steps, kFewestSteps, kOfSeries.steps)};
    calendar::Evaluation one = calendar::evaluate(series, question.zone, question.window, limits);
    steps -= one.steps;
    all.busy.insert(all.busy.end(), one.intervals.begin(), one.intervals.end());
    for (size_t i = 0; i < series.events.size(); ++i)
      all.events.push_back({&series, &series.events[i], std::move(one.events[i])});
    if (one.unknown_from) {
      const std::string from = calendar::to_text(*one.unknown_from);
      one.left_out.push_back({.id = series.key, .why = "too much of it to count: unknown from " + from + " on"});
    }
    for (LeftOut& left_out : one.left_out) {
      left_out.file = series.file;
      all.left_out.push_back(std::move(left_out));
    }
  }
  all.busy = calendar::merge(std::move(all.busy));
  return all;
}

std::string_view role(const Event& event) {
  if (event.and_future) return "override of an instance and all later ones";
  if (event.recurrence_id) return "override of an instance";
  return event.recurrence.empty() ? "single" : "recurring";
}

std::string why(const Line& line) {
  if (!line.explanation.note.empty()) return line.explanation.note;
  if (line.explanation.instances == 0) return "not in this time";
  switch (line.event->standing) {
    case Standing::busy: return "takes its time";
    case Standing::tentative: return "takes its time: tentative";
    case Standing::unanswered: return "takes its time: an invitation without an answer";
    case Standing::oof: return "takes its time: out of office";
    case Standing::transparent: return "free: the event says that it takes no time";
    case Standing::declined: return "free: declined";
    case Standing::cancelled: return "free: cancelled";
    case Standing::elsewhere: return "free: says where somebody works";
    case Standing::birthday: return "free: a birthday";
  }
  return {};
}

std::string shortened(std::string_view text) { return clean_utf8(text, kLongestText); }

JsonArray interval_json(const Interval& interval) {
  return JsonArray()
      .add(calendar::to_text(interval.start))
      .add(calendar::to_text(interval.end))
      .add(calendar::to_string(interval.kind));
}

JsonArray intervals_json(const std::vector<Interval>& intervals) {
  JsonArray array;
  for (const Interval& interval : intervals) array.add(interval_json(interval));
  return array;
}

JsonObject line_json(const Line& line) {
  return JsonObject()
      .add("file", shortened(line.series->file))
      .add("id", shortened(line.event->id))
      .add("is", role(*line.event))
      .add("standing", calendar::to_string(line.event->standing))
      .add("instances", line.explanation.instances)
      .add("first", intervals_json(line.explanation.first))
      .add("why", shortened(why(line)));
}

void print_json(const Answer& all) {
  JsonArray events, left_out;
  for (const Line& line : all.events) events.add(line_json(line));
  for (const LeftOut& one : all.left_out)
    left_out.add(
        JsonObject().add("file", shortened(one.file)).add("id", shortened(one.id)).add("why", shortened(one.why)));
  fmt::print("{}\n", JsonObject()
                         .add("busy", intervals_json(all.busy))
                         .add("events", events)
                         .add("left_out", left_out)
                         .text());
}

void print_text(const Answer& all) {
  fmt::print("busy\n");
  for (const Interval& interval : all.busy)
    fmt::print("  {}  {}  {}\n", calendar::to_text(interval.start), calendar::to_text(interval.end),
               calendar::to_string(interval.kind));
  fmt::print("events\n");
  size_t outside = 0;
  for (const Line& line : all.events) {
    if (line.explanation.instances == 0 && line.explanation.note.empty()) {
      ++outside;
      continue;
    }
    fmt::print("  {}\n    {}, {}; {} in this time", shortened(line.event->id), role(*line.event),
               why(line), line.explanation.instances);
    const auto& first = line.explanation.first;
    if (!first.empty()) fmt::print(", the first at {}", calendar::to_text(first[0].start));
    fmt::print("\n");
  }
  if (outside > 0) fmt::print("  {} more, not in this time\n", outside);
  fmt::print("left out\n");
  for (const LeftOut& one : all.left_out) {
    fmt::print("  {}{}{}: {}\n", shortened(one.file), one.file.empty() || one.id.empty() ? "" : ": ",
               shortened(one.id), one.why);
  }
}

}  // namespace

int explain(const Options& options, const ExplainCommand& command) {
  const auto asked = command.integration == 0 ? read_files(command) : read_stored(options, command);
  if (!asked) return report(options, asked.error());
  const Answer all = answer(asked->reading, asked->question);
  if (options.json) print_json(all);
  else print_text(all);
  if (asked->reading.is_calendar) return kDone;
  return report(options, {.fault = Fault::corrupt, .what = "no calendar data of this provider"});
}

}  // namespace calint::ctl
