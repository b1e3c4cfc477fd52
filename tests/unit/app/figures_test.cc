#include "app/figures.h"

#include <jansson.h>

#include <algorithm>
#include <set>

#include "base/json.h"
#include "store/overview.h"
#include "support/check.h"
#include "worker_node.h"

using namespace calint;
using namespace calint::app;
using namespace calint::test;

CALINT_TEST(every_figure_has_a_name_of_its_own_a_unit_and_a_sentence) {
  std::set<std::string_view> names, arrays;
  for (const FigureGroup& group : figures()) {
    CHECK(arrays.insert(group.array).second);
    CHECK(!group.heading.empty() && !group.labels.empty() && !group.figures.empty());
    for (const Figure& figure : group.figures) {
      const std::string name(figure.name);
      ck_assert_msg(names.insert(figure.name).second, "%s", name.c_str());
      ck_assert_msg(
          name.starts_with("calint_") && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos,
          "%s", name.c_str());
      ck_assert_msg(name.ends_with("_timestamp_seconds") == (figure.unit == Unit::instant), "%s", name.c_str());
      ck_assert_msg(figure.help.ends_with('.'), "%s", name.c_str());
      ck_assert_msg(!figure.member.empty(), "%s", name.c_str());
    }
  }
}

// Neither is a figure that nobody stores, nor something stored that no figure tells.
CALINT_TEST(the_list_and_what_the_database_tells_are_the_same) {
  InstallationWithProvider installation;
  installation.connect("1");
  installation.run("UPDATE calendar_jobs SET due_at = now() WHERE kind = 'refresh';"
                   "INSERT INTO calendar_jobs (organization_id, kind, user_id, provider)"
                   " VALUES ('1', 'validate', 'x', 'google');"
                   "INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name,"
                   " access_role, sync) SELECT organization_id, id, 'c', 'c', 'owner', true FROM calendar_integrations;"
                   "INSERT INTO calendar_breakers (subject, provider, kinds, lane, name, reason, probe_at)"
                   " VALUES ('client/1', 'google', '{refresh}', 'google/1', 'google', 'operator', now())");
  Node node(installation);  // its first connection announces it
  auto told = store::overview(node.runtime().pool(), Deadline::in(std::chrono::seconds(10)));
  CHECK_OK(told);
  const Json overview = parse_json_object(*told);
  CHECK_EQUAL(json_object_size(overview.get()), figures().size());
  for (const FigureGroup& group : figures()) {
    const std::string array(group.array);
    const json_t* first = json_array_get(json_object_get(overview.get(), array.c_str()), 0);
    ck_assert_msg(first != nullptr, "no %s", array.c_str());
    ck_assert_msg(json_object_size(first) == group.labels.size() + group.figures.size(), "%s", array.c_str());
    for (const std::string_view label : group.labels)
      ck_assert_msg(json_is_string(json_object_get(first, std::string(label).c_str())), "%s", array.c_str());
    for (const Figure& figure : group.figures) {
      const json_t* value = json_object_get(first, std::string(figure.member).c_str());
      const bool is_fit =
          figure.unit == Unit::things ? json_is_integer(value) : json_is_string(value) || json_is_null(value);
      ck_assert_msg(value != nullptr && is_fit, "%s", std::string(figure.name).c_str());
    }
  }
}
