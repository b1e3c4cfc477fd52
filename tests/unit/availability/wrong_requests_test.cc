// Requests that are wrong, each with the places that have to be named.
#include <algorithm>
#include <string>
#include <vector>

#include "availability/slot_request.h"
#include "base/json.h"
#include "support/check.h"

using namespace calint;
using namespace calint::availability;

namespace {

const char* const kGood = R"({
  "groups": [{"user_ids": ["17", "23"], "required": "all"}, {"user_ids": ["31", "44", "52"], "required": 1},
             {"user_ids": ["60"], "optional": true}],
  "duration": 45, "from": "2026-12-07T00:00:00+01:00", "to": "2026-12-12T00:00:00+01:00", "time_zone": "Europe/Berlin",
  "periods": [{"start": "2026-12-07T09:00:00+01:00", "end": "2026-12-07T12:00:00+01:00"}], "step": 15,
  "working_hours": {"mon": [["09:00", "12:30"], ["13:30", "17:00"]], "tue": [["09:00", "17:00"]]},
  "dates": {"2026-12-24": [["09:00", "12:00"]], "2026-12-25": []},
  "buffer_before": 10, "buffer_after": 10, "min_notice": 240, "max_per_day": 3, "max_per_week": 8, "per_day": 12,
  "people": {"23": {"working_hours": {"mon": [["14:00", "18:00"]]}, "dates": {"2026-12-24": []}, "max_per_day": 1,
                    "max_per_week": 2}},
  "tentative": "busy", "unanswered": "busy", "unknown": "busy", "ignore_ref": "int-88", "order": "time", "limit": 100,
  "cursor": null, "explain": false})";

struct Wrong {
  std::string change;                 // put over the good request (RFC 7396, but null stays null)
  std::vector<std::string> pointers;  // in their order
};

// Every value that a type isn't, and the bounds of the numbers, for each member.
void add_numbers(std::vector<Wrong>& all) {
  struct Bounds {
    const char* name;
    long least, most;
  };
  for (const Bounds& one : {Bounds{"duration", 5, 1440}, Bounds{"step", 1, 1440}, Bounds{"buffer_before", 0, 1440},
                            Bounds{"buffer_after", 0, 1440}, Bounds{"min_notice", 0, 129600},
                            Bounds{"max_per_day", 1, 1000}, Bounds{"max_per_week", 1, 1000}, Bounds{"per_day", 1, 1000},
                            Bounds{"limit", 1, 1000}})
    for (const std::string& value : {std::to_string(one.least - 1), std::to_string(one.most + 1), std::string("60.0"),
                                     std::string("\"60\""), std::string("true"), std::string("[60]")})
      all.push_back({"{\"" + std::string(one.name) + "\": " + value + "}", {"/" + std::string(one.name)}});
}

void add_words(std::vector<Wrong>& all) {
  for (const char* name : {"tentative", "unanswered", "unknown"})
    for (const char* value : {"\"Busy\"", "\"\"", "true", "1", "[\"busy\"]", "\"oof\""})
      all.push_back({"{\"" + std::string(name) + "\": " + value + "}", {"/" + std::string(name)}});
  for (const char* value : {"\"Time\"", "\"load\"", "1", "{}"})
    all.push_back({"{\"order\": " + std::string(value) + "}", {"/order"}});
  for (const char* value : {"\"true\"", "0", "[]"})
    all.push_back({"{\"explain\": " + std::string(value) + "}", {"/explain"}});
  for (const char* value : {"\"\"", "17", "{}", "true", "\"a\\u0000b\""})
    all.push_back({"{\"ignore_ref\": " + std::string(value) + "}", {"/ignore_ref"}});
  for (const char* value : {"\"\"", "\"Mars/Olympus\"", "1", "[]", "\"localtime\"", "\"Europe/Berlin \"", "\"+01:00\""})
    all.push_back({"{\"time_zone\": " + std::string(value) + "}", {"/time_zone"}});
  for (const char* value : {"\"\"", "\"x\"", "1", "\"dCAxIDAgMCA\""})
    all.push_back({"{\"cursor\": " + std::string(value) + "}", {"/cursor"}});
}

void add_times(std::vector<Wrong>& all) {
  for (const char* value : {"\"2026-12-07\"", "\"2026-12-07T00:00:00\"", "\"2026-12-07 00:00:00Z\"", "1765062000",
                            "\"2026-02-30T00:00:00Z\"", "\"2026-12-07T24:00:00Z\"", "\"\"", "[]", "\"tomorrow\""}) {
    all.push_back({"{\"from\": " + std::string(value) + "}", {"/from"}});
    all.push_back({"{\"to\": " + std::string(value) + "}", {"/to"}});
    all.push_back({"{\"periods\": [{\"start\": " + std::string(value) + ", \"end\": \"2026-12-08T00:00:00Z\"}]}",
                   {"/periods/0/start"}});
  }
  all.push_back({R"({"to": "2026-12-07T00:00:00+01:00"})", {"/to"}});
  all.push_back({R"({"to": "2026-12-06T00:00:00+01:00"})", {"/to"}});
  all.push_back({R"({"to": "2027-03-09T00:00:00+01:00"})", {"/to"}});
  all.push_back({R"({"to": "2027-01-07T00:00:01+01:00", "explain": true})", {"/explain"}});
  all.push_back({R"({"periods": {}})", {"/periods"}});
  all.push_back({R"({"periods": "all"})", {"/periods"}});
  all.push_back({R"({"periods": [[]]})", {"/periods/0"}});
  all.push_back({R"({"periods": [null]})", {"/periods/0"}});
  all.push_back({R"({"periods": [{}]})", {"/periods/0/start", "/periods/0/end"}});
  all.push_back({R"({"periods": [{"start": "2026-12-07T10:00:00Z", "end": "2026-12-07T10:00:00Z"}]})",
                 {"/periods/0/end"}});
  all.push_back({R"({"periods": [{"start": "2026-12-07T10:00:00Z", "end": "2026-12-07T11:00:00Z", "zone": "UTC"}]})",
                 {"/periods/0/zone"}});
}

void add_groups(std::vector<Wrong>& all) {
  const auto add = [&](const std::string& groups, std::vector<std::string> pointers) {
    all.push_back({"{\"groups\": " + groups + "}", std::move(pointers)});
  };
  for (const char* value : {"{}", "\"17\"", "1"}) add(value, {"/groups"});
  add("[]", {"/groups"});
  add(R"(["17"])", {"/groups/0"});
  add("[null]", {"/groups/0"});
  add("[{}]", {"/groups/0/user_ids"});
  add(R"([{"user_ids": []}])", {"/groups/0/user_ids"});
  add(R"([{"user_ids": "17"}])", {"/groups/0/user_ids"});
  add(R"([{"user_ids": [17]}])", {"/groups/0/user_ids/0"});
  add(R"([{"user_ids": [""]}])", {"/groups/0/user_ids/0"});
  add(R"([{"user_ids": [null, "17"]}])", {"/groups/0/user_ids/0"});
  add(R"([{"user_ids": ["17", "17"]}])", {"/groups/0/user_ids/1"});
  add(R"([{"user_ids": ["17", "23", "17", "23"]}])", {"/groups/0/user_ids/2", "/groups/0/user_ids/3"});
  add(R"([{"user_ids": ["1\n7"]}])", {"/groups/0/user_ids/0"});
  add("[{\"user_ids\": [\"" + std::string(256, 'x') + "\"]}]", {"/groups/0/user_ids/0"});
  for (const char* value : {"0", "3", "-1", "1.0", "\"1\"", "\"ALL\"", "true", "[]", "9999999999"})
    add(R"([{"user_ids": ["17", "23"], "required": )" + std::string(value) + "}]", {"/groups/0/required"});
  add(R"([{"user_ids": ["17"]}, {"user_ids": ["23"], "required": 2}])", {"/groups/1/required"});
  add(R"([{"user_ids": ["17"], "optional": "true"}])", {"/groups/0/optional"});
  add(R"([{"user_ids": ["17"], "optional": true}])", {"/groups"});
  add(R"([{"user_ids": ["17"], "optional": true}, {"user_ids": ["23"], "optional": true}])", {"/groups"});
  add(R"([{"user_ids": ["17"], "name": "panel"}])", {"/groups/0/name"});
  add(R"([{"user_ids": ["17"], "name": "a", "size": 2}, {"users": ["2"]}])",
      {"/groups/0/name", "/groups/0/size", "/groups/1/user_ids", "/groups/1/users"});
  std::string eleven = "[";
  for (int n = 0; n < 11; ++n)
    eleven += std::string(n == 0 ? "" : ",") + R"({"user_ids": [")" + std::to_string(n) + "\"]}";
  add(eleven + "]", {"/groups"});
  std::string many = R"([{"user_ids": [)";
  for (int n = 0; n < 51; ++n) many += std::string(n == 0 ? "\"" : ",\"") + std::to_string(n) + "\"";
  add(many + "], \"required\": 1}]", {"/groups"});
}

void add_hours(std::vector<Wrong>& all) {
  struct Day {
    const char* value;
    const char* place;  // behind the day
  };
  const std::vector<Day> days = {
      {R"("09:00-17:00")", ""},   {"{}", ""},  {"9", ""},
      {"[9]", "/0"},             {"[[]]", "/0"},            {"[null]", "/0"},
      {R"([["09:00"]])", "/0"},  {R"([["09:00", "12:00", "17:00"]])", "/0"},
      {R"([["9:00", "17:00"]])", "/0/0"},  {R"([["24:00", "17:00"]])", "/0/0"},
      {R"([["09:60", "17:00"]])", "/0/0"}, {R"([["09:00", "24:01"]])", "/0/1"},
      {R"([["09:00", "25:00"]])", "/0/1"}, {R"([["09:00", "17:00:00"]])", "/0/1"},
      {R"([["09:00", 17]])", "/0/1"},      {R"([["09:00", null]])", "/0/1"},
      {R"([["09:00", "12:00"], ["13:00", "5pm"]])", "/1/1"}};
  for (const Day& day : days) {
    const std::string value(day.value), place(day.place);
    all.push_back({"{\"working_hours\": {\"wed\": " + value + "}}", {"/working_hours/wed" + place}});
    all.push_back({"{\"dates\": {\"2026-12-08\": " + value + "}}", {"/dates/2026-12-08" + place}});
    all.push_back({"{\"people\": {\"23\": {\"working_hours\": {\"fri\": " + value + "}}}}",
                   {"/people/23/working_hours/fri" + place}});
  }
  // A pair where a list of pairs belongs.
  all.push_back({R"({"working_hours": {"wed": ["09:00", "17:00"]}})",
                 {"/working_hours/wed/0", "/working_hours/wed/1"}});
  for (const char* name : {"Mon", "monday", "1", "week", ""})
    all.push_back({"{\"working_hours\": {\"" + std::string(name) + "\": []}}",
                   {"/working_hours/" + std::string(name)}});
  for (const char* value : {"[]", "\"9-5\"", "1"}) {
    all.push_back({"{\"working_hours\": " + std::string(value) + "}", {"/working_hours"}});
    all.push_back({"{\"dates\": " + std::string(value) + "}", {"/dates"}});
    all.push_back({"{\"people\": " + std::string(value) + "}", {"/people"}});
    all.push_back({"{\"people\": {\"23\": " + std::string(value) + "}}", {"/people/23"}});
  }
  for (const char* date : {"2026-12-32", "2026-2-01", "2027-02-29", "20261224", "today", "2026-12-24T00:00:00Z"})
    all.push_back({"{\"dates\": {\"" + std::string(date) + "\": []}}", {"/dates/" + std::string(date)}});
  std::string crowd;
  for (int n = 0; n < 51; ++n) crowd += (n == 0 ? "\"" : ",\"") + std::to_string(n) + "\": {}";
  all.push_back({"{\"people\": {" + crowd + "}}", {"/people"}});
  all.push_back({R"({"people": {"23": {"time_zone": "UTC"}}})", {"/people/23/time_zone"}});
  all.push_back({R"({"people": {"a/b": {"max_per_day": 0}}})", {"/people/a~1b/max_per_day"}});
  all.push_back({R"({"people": {"23": {"max_per_week": 1001}}})", {"/people/23/max_per_week"}});
  all.push_back({R"({"ignore_ref": ["int-88", ""]})", {"/ignore_ref/1"}});
  all.push_back({R"({"ignore_ref": [null, 5]})", {"/ignore_ref/0", "/ignore_ref/1"}});
}

void add_members(std::vector<Wrong>& all) {
  for (const char* name : {"groups", "duration", "from", "to", "time_zone"})
    all.push_back({"{\"" + std::string(name) + "\": null}", {"/" + std::string(name)}});
  for (const char* name : {"timezone", "Duration", "parts", "loop", "loops", "truncated", "organization_id", ""})
    all.push_back({"{\"" + std::string(name) + "\": null}", {"/" + std::string(name)}});
  // All at once.
  all.push_back({R"({"duration": 4, "step": 0, "from": "x", "order": "worst", "colour": 1})",
                 {"/duration", "/from", "/step", "/order", "/colour"}});
}

Json loaded(std::string_view text) {
  Json value(json_loadb(text.data(), text.size(), JSON_ALLOW_NUL, nullptr));
  CHECK(value != nullptr);
  return value;
}

std::string changed(std::string_view change) {
  const Json good = loaded(kGood), over = loaded(change);
  json_object_update(good.get(), over.get());
  char* const dumped = json_dumps(good.get(), 0);
  std::string text(dumped);
  free(dumped);
  return text;
}

std::vector<std::string> pointers_of(std::string_view text) {
  std::vector<std::string> pointers;
  const ParsedSlotRequest parsed = parse_slot_request(text);
  for (const Problem& problem : parsed.problems.found()) {
    CHECK(!problem.detail.empty());
    pointers.push_back(problem.pointer);
  }
  return pointers;
}

}  // namespace

CALINT_TEST(what_is_wrong_is_told_with_its_place) {
  CHECK(pointers_of(kGood).empty());
  std::vector<Wrong> all;
  add_numbers(all);
  add_words(all);
  add_times(all);
  add_groups(all);
  add_hours(all);
  add_members(all);
  CHECK(all.size() >= 200);
  for (const Wrong& one : all) {
    const std::vector<std::string> found = pointers_of(changed(one.change));
    std::string text;
    for (const std::string& pointer : found) text += pointer + " ";
    ck_assert_msg(found == one.pointers, "%s: %s", one.change.c_str(), text.c_str());
  }
}

CALINT_TEST(what_is_no_object_has_one_problem) {
  for (const char* text : {"", "[]", "null", "17", "\"x\"", "{", "{\"a\": }", "{\"duration\": 45, \"duration\": 60}"})
    CHECK_EQUAL(pointers_of(text), std::vector<std::string>({""}));
}

CALINT_TEST(a_good_request_cut_anywhere_or_with_any_byte_changed_is_refused_or_read) {
  const std::string good(kGood);
  for (size_t at = 0; at < good.size(); ++at) {
    CHECK(!parse_slot_request(std::string_view(good).substr(0, at)).problems.empty());
    for (const char byte : {'"', '[', '}', '0', '\0', '\xff'}) {
      std::string other = good;
      other[at] = byte;
      const ParsedSlotRequest parsed = parse_slot_request(other);
      CHECK(!parsed.problems.empty() || !parsed.request.groups.empty());
    }
  }
}
