// What finding slots costs: milliseconds from request and people as values to the answer's JSON, and the most memory
// that the process ever had. A line of JSON a round.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <random>
#include <string>

#include "availability/slots.h"
#include "availability/slots_json.h"

namespace {

using namespace calint;
using namespace calint::availability;
using std::chrono::days;
using std::chrono::hours;

const SysTime kMonday = std::chrono::sys_days(std::chrono::year(2026) / 12 / 7);

struct Question {
  SlotRequest request;
  std::vector<Person> people;
};

std::string id(size_t number) { return std::to_string(1000 + number); }

// `meetings` a day, on whole multiples of `grain`, and some interviews and holds.
Person person(size_t number, const Span& range, int meetings, minutes grain, std::mt19937_64& random) {
  const auto below = [&](int64_t end) { return static_cast<int64_t>(random() % static_cast<uint64_t>(end)); };
  constexpr const char* kZones[] = {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London"};
  Person made{.user_id = id(number), .time_zone = kZones[number % 4]};
  for (SysTime day = range.start; day < range.end; day += days(1)) {
    for (int n = 0; n < meetings; ++n) {
      const SysTime start = day + grain * below(minutes(days(1)) / grain);
      made.busy.push_back({{start, start + grain}});
    }
    const std::string ref = "int" + std::to_string(below(1'000'000));
    if (below(3) == 0) made.interviews.push_back({{day + hours(10), day + hours(11)}, ref});
    if (below(9) == 0) made.holds.push_back({{day + hours(14), day + hours(15)}, ref});
  }
  return made;
}

// A month of ten people in three groups, who work from nine to five and have five meetings a day.
Question usual() {
  std::mt19937_64 random(1);
  Question asked;
  SlotRequest& request = asked.request;
  request.groups = {{.user_ids = {id(0), id(1)}, .required = 2},
                    {.user_ids = {id(2), id(3), id(4), id(5)}, .required = 1},
                    {.user_ids = {id(5), id(6), id(7), id(8), id(9)}, .required = 1}};
  request.duration = minutes(45);
  request.range = {kMonday, kMonday + days(30)};
  request.time_zone = "Europe/Berlin";
  request.buffer_before = request.buffer_after = minutes(10);
  request.max_per_day = 3;
  request.limit = 100;
  for (size_t n = 0; n < 10; ++n) asked.people.push_back(person(n, request.range, 5, minutes(30), random));
  return asked;
}

// As much as a request may ask: fifty people who are all in each of ten groups, every minute of three months, the best
// first. Everybody works around the clock and begins or ends something at forty minutes of each day, so that nearly no
// two starts have the same people.
Question longest() {
  std::mt19937_64 random(2);
  Question asked;
  SlotRequest& request = asked.request;
  request.duration = minutes(5);
  request.range = {kMonday, kMonday + kLongestRange};
  request.time_zone = "Europe/Berlin";
  request.step = minutes(1);
  request.order = Order::best;
  request.limit = 1000;
  request.working_hours.emplace();
  for (DayHours& day : *request.working_hours) day = {{minutes(0), kMidnight}};
  for (size_t g = 0; g < kMostGroups; ++g) {
    request.groups.push_back({.user_ids = {}, .required = 3});
    for (size_t n = 0; n < kMostPeople; ++n) request.groups.back().user_ids.push_back(id((n + 5 * g) % kMostPeople));
  }
  for (size_t n = 0; n < kMostPeople; ++n) asked.people.push_back(person(n, request.range, 20, minutes(1), random));
  return asked;
}

// Resident at most so far, in MB. getrusage's goes back to before the exec.
double most_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 5;
  std::string which = "usual";
  CLI::App app{"What finding slots costs."};
  app.add_option("--rounds", rounds)->check(CLI::PositiveNumber);
  app.add_option("--question", which)->check(CLI::IsMember({"usual", "longest"}));
  CLI11_PARSE(app, argc, argv);

  const Question asked = which == "usual" ? usual() : longest();
  static_cast<void>(WallClock::of("Europe/Berlin", asked.request.range));  // reads the zone's file
  for (int round = 0; round < rounds; ++round) {
    std::vector<Person> people = asked.people;
    const auto begun = std::chrono::steady_clock::now();
    const std::string answer = to_json(find_slots(asked.request, {}, std::move(people), kMonday));
    const double took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
    fmt::print(R"({{"ms":{:.3f},"bytes":{},"rss_mb":{:.1f}}})" "\n", took, answer.size(), most_memory());
  }
}
