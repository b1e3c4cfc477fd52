#include "site/rules_form.h"

#include "support/check.h"

using namespace calint;
using namespace calint::site;

namespace {

constexpr std::string_view kSet =
    R"({"working_hours": {"mon": [["09:00", "12:30"], ["22:00", "02:00"]], "tue": []}, "dates": {"2026-12-25": []},)"
    R"( "buffer_before": null, "buffer_after": 10, "tentative": "free", "unanswered": null, "unknown": null})";

size_t field(std::string_view name) {
  for (size_t i = 0; i < kRulesFields.size(); ++i)
    if (kRulesFields[i] == name) return i;
  ck_abort_msg("no such field");
}

RulesChange changed(std::string_view name, const std::string& typed) {
  const RulesValues as_set = rules_as_set(kSet);
  RulesValues values = as_set;
  values[field(name)] = typed;
  return rules_change(as_set, values);
}

}  // namespace

CALINT_TEST(what_is_set_stands_in_the_fields) {
  const RulesValues values = rules_as_set(kSet);
  CHECK_EQUAL(values[field("mon")], "09:00-12:30, 22:00-02:00");
  CHECK_EQUAL(values[field("buffer_after")], "10");
  CHECK_EQUAL(values[field("tentative")], "free");
  for (const char* name : {"tue", "sun", "buffer_before", "unknown"}) CHECK_EQUAL(values[field(name)], "");
}

CALINT_TEST(only_what_differs_is_changed) {
  CHECK_EQUAL(rules_change(rules_as_set(kSet), rules_as_set(kSet)).change, "");
  CHECK_EQUAL(changed("mon", "9:00 \u2013 12:30,22:00-02:00").change, "");
  CHECK_EQUAL(changed("buffer_after", "010").change, "");
  CHECK_EQUAL(changed("buffer_after", "").change, R"({"buffer_after":null})");
  CHECK_EQUAL(changed("unknown", "free").change, R"({"unknown":"free"})");
  CHECK_EQUAL(changed("tue", "10:00-24:00").change,
              R"({"working_hours":{"mon":[["09:00","12:30"],["22:00","02:00"]],"tue":[["10:00","24:00"]],"wed":[],)"
              R"("thu":[],"fri":[],"sat":[],"sun":[]}})");
}

CALINT_TEST(a_week_without_hours_is_as_usual_unless_it_was_set_so) {
  CHECK_EQUAL(changed("mon", "").change, R"({"working_hours":null})");
  const RulesValues none = rules_as_set(R"({"working_hours": {}})");
  CHECK_EQUAL(rules_change(none, none).change, "");
}

CALINT_TEST(what_cannot_be_is_known_by_its_field) {
  for (const char* typed : {"9", "09:00", "09:00-12:00-13:00", "24:00-02:00", "09:00-25:00", "09:00-12:00,", "nine-five",
                            "09:00;12:00", "\xff", "0\u2013"}) {
    const RulesChange change = changed("wed", typed);
    for (size_t i = 0; i < kRulesFields.size(); ++i)
      ck_assert_msg(change.wrong[i] == (i == field("wed")), "%s: field %zu", typed, i);
  }
  for (const char* typed : {"-1", "1441", "ten", "1.5", "99999999999999999999", "+5"})
    ck_assert_msg(changed("buffer_before", typed).wrong[field("buffer_before")], "%s", typed);
  CHECK(changed("tentative", "maybe").wrong[field("tentative")]);
  CHECK(!changed("mon", std::string(256, ' ')).ok());
  CHECK(changed("buffer_before", "1440").ok() && changed("buffer_before", "0").ok());
}

CALINT_TEST(a_form_has_each_field_once) {
  std::vector<FormField> fields;
  for (const std::string_view name : kRulesFields) fields.emplace_back(name, " 7 ");
  CHECK_EQUAL((*typed_rules(fields))[field("sun")], "7");
  fields.emplace_back("sun", "8");
  CHECK(!typed_rules(fields));
  fields.erase(fields.begin());
  CHECK(!typed_rules(fields));
}
