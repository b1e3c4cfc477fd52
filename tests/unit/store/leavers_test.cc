// Whose users have left the ATS.
#include "store/leavers.h"

#include <fmt/format.h>

#include "schema/migrate.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

// calint_users is a table of its own, whose columns a test may leave empty.
struct Installation : test::Installation {
  Installation() : test::Installation(Existing{test::cluster().create_database()}) {
    run("CREATE TABLE calint_users (id text, organization_id text, login text, email text, name text, time_zone text,"
        " is_admin boolean, is_interviewer boolean, is_scheduler boolean, active boolean)");
    CHECK_OK(schema::migrate(*open(), {.with_ats_tables = true}, soon()));
  }

  // `values` are those of id, organization_id, is_interviewer, is_admin and active.
  void know(const std::string& values) {
    run("INSERT INTO calint_users (id, organization_id, is_interviewer, is_admin, active) VALUES " + values);
  }
  void connect(const std::string& organization, const std::string& user) {
    run(fmt::format(
        "INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id,"
        " status) VALUES ('{}', '{}', 'apple', 'a', 'k', 's', 'connected')",
        organization, user));
  }
  LeaverCounts count() {
    auto counts = count_leavers(pool, 100, soon());
    CHECK_OK(counts);
    return std::move(*counts);
  }
  std::vector<Leaver> find(const std::vector<std::string>& organizations, int64_t after = 0, int most = 100) {
    auto leavers = find_leavers(pool, organizations, after, most, soon());
    CHECK_OK(leavers);
    return std::move(*leavers);
  }
};

}  // namespace

CALINT_TEST(who_is_gone_inactive_or_no_longer_entitled_has_left) {
  Installation installation;
  installation.know("('1', '1', true, false, true), ('2', '1', false, true, true), ('3', '1', true, true, false),"
                    " ('4', '1', false, false, true), ('6', '2', true, true, true)");
  for (const char* user : {"1", "2", "3", "4", "5"}) installation.connect("1", user);
  installation.connect("2", "6");
  const LeaverCounts counts = installation.count();
  ck_assert_uint_eq(counts.organizations.size(), 1);
  CHECK_EQUAL(counts.organizations[0].organization_id, "1");
  CHECK_EQUAL(counts.organizations[0].leaving, 3);
  CHECK_EQUAL(counts.organizations[0].connected, 5);
  CHECK_EQUAL(counts.leaving, 3);
  CHECK_EQUAL(counts.connected, 6);
  CHECK(!counts.nobody_is_entitled);
  ck_assert_uint_eq(installation.find({"1", "2"}).size(), 3);
  const auto first = installation.find({"1"}, 0, 2);
  ck_assert_uint_eq(first.size(), 2);
  ck_assert_uint_eq(installation.find({"1"}, first[1].integration_id).size(), 1);
  CHECK(installation.find({"2"}).empty());
  installation.run("DELETE FROM calint_users");
  CHECK(installation.count().nobody_is_entitled);
}

CALINT_TEST(who_has_no_organisation_has_not_left) {
  Installation installation;
  installation.know("('1', NULL, true, NULL, true), ('2', NULL, NULL, true, true), ('3', NULL, true, NULL, NULL)");
  for (const char* user : {"1", "2", "3"}) installation.connect("", user);
  const LeaverCounts counts = installation.count();
  CHECK_EQUAL(counts.leaving, 1);
  CHECK_EQUAL(counts.connected, 3);
  ck_assert_uint_eq(installation.find({""}).size(), 1);
}

CALINT_TEST(users_that_are_seen_twice_count_once) {
  Installation installation;
  installation.know("('1', '1', true, true, true), ('1', '1', true, true, true)");
  installation.connect("1", "1");
  installation.connect("1", "2");
  CHECK_EQUAL(installation.count().connected, 2);
}

CALINT_TEST(users_of_other_types_leave_or_are_for_the_administrator_to_mend) {
  Installation installation;
  installation.know("('1', '1', true, true, true)");
  installation.connect("1", "1");
  installation.run("ALTER TABLE calint_users ALTER id TYPE bigint USING id::bigint,"
                   " ALTER organization_id TYPE bigint USING organization_id::bigint");
  CHECK_EQUAL(installation.count().leaving, 0);
  installation.run("ALTER TABLE calint_users ALTER active TYPE integer USING active::integer");
  auto counts = count_leavers(installation.pool, 100, soon());
  CHECK_FAULT(counts, Fault::operator_fault);
  CHECK(counts.error().what.find("calint_users") != std::string::npos);
}
