// Whom a signed-in login names.
#include "store/users.h"

#include "schema/migrate.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

// The organisations 1 and 2 each have an ada; only 1 has a bob.
constexpr const char* kPeople =
    "INSERT INTO users (id, organization_id, email, name, is_admin)"
    " VALUES (1, 1, 'ada', 'Ada', true), (2, 2, 'ada', 'Ada', true), (3, 1, 'bob', 'Bob', true)";

}  // namespace

CALINT_TEST(a_login_of_an_organisation_names_its_person_there) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  auto found = find_signed_in(pool, {.name = "ada", .organization = "2"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->user.id, "2");
}

CALINT_TEST(a_login_of_another_or_of_no_organisation_names_nobody) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  for (const char* organization : {"2", "", "3"})
    CHECK_FAULT(find_signed_in(pool, {.name = "bob", .organization = organization}, std::nullopt, soon()),
                Fault::forbidden);
}

CALINT_TEST(a_login_of_the_whole_ats_must_name_one_person) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->user.id, "3");
  CHECK_FAULT(find_signed_in(pool, {.name = "ada"}, std::nullopt, soon()), Fault::forbidden);
}

namespace {

// calint_users as the ATS's administrator wrote it, with one interviewer "bob"; what is connected belongs to "7".
std::string database_with_users(const std::string& columns, const std::string& encoding = "UTF8") {
  const std::string name = test::cluster().create_database(encoding);
  const std::string conninfo = test::cluster().conninfo(name);
  auto connection = test::open(conninfo);
  CHECK_OK(connection->script("CREATE VIEW calint_users AS SELECT " + columns, soon()));
  CHECK_OK(schema::migrate(*connection, {.with_ats_tables = true}, soon()));
  CHECK_OK(connection->script(
      "INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id, status)"
      " VALUES ('', '7', 'apple', 'a', 'k', 's', 'connected')",
      soon()));
  return conninfo;
}

// `organization`, `login` and `flag` are SQL.
std::string one_person(const std::string& id, const std::string& organization, const std::string& login,
                       const std::string& flag = "true") {
  return id + " AS id, " + organization + " AS organization_id, " + login + " AS login, 'b@x'::text AS email,"
         " 'Bob'::text AS name, 'UTC'::text AS time_zone, false AS is_admin, " + flag + " AS is_interviewer,"
         " false AS is_scheduler, true AS active";
}

}  // namespace

CALINT_TEST(an_organisation_that_is_null_is_the_one_without_a_name) {
  for (const char* organization : {"NULL::text", "NULL::bigint", "''::text"}) {
    postgres::Pool pool({.conninfo = database_with_users(one_person("'7'::text", organization, "'bob'::text"))});
    auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
    CHECK_OK(found);
    CHECK_EQUAL(found->user.organization_id, "");
    CHECK(found->integration.has_value());
  }
}

CALINT_TEST(ids_that_are_numbers_name_the_same_people) {
  postgres::Pool pool({.conninfo = database_with_users(one_person("7::bigint", "NULL::uuid", "'bob'::text"))});
  auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->user.id, "7");
  CHECK(found->integration.has_value());
}

CALINT_TEST(users_of_wrong_types_are_for_the_administrator_to_mend) {
  const std::string wrong[] = {one_person("'7'::text", "''::text", "'bob'::text", "1"),
                               one_person("'7'::text", "''::text", "'bob'::text", "'yes'::text"),
                               one_person("'7'::text", "''::text", "7::bigint"),
                               one_person("NULL::text", "''::text", "'bob'::text")};
  for (const std::string& columns : wrong) {
    postgres::Pool pool({.conninfo = database_with_users(columns)});
    auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
    CHECK_FAULT(found, Fault::operator_fault);
    CHECK(found.error().what.find("calint_users") != std::string::npos);
  }
}

CALINT_TEST(a_flag_that_is_null_is_false) {
  postgres::Pool pool(
      {.conninfo = database_with_users(one_person("'7'::text", "''::text", "'bob'::text", "NULL::boolean"))});
  auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK(!found->user.is_interviewer);
}

CALINT_TEST(a_name_in_another_encoding_is_for_the_administrator_to_mend) {
  // PostgreSQL checks nothing of what a database without an encoding holds, until a client wants UTF-8.
  postgres::Pool pool({.conninfo = database_with_users(
                           one_person("'7'::text", "''::text",
                                      "convert_from('\\x626f62fc', 'SQL_ASCII')"), "SQL_ASCII")});
  CHECK_FAULT(find_signed_in(pool, {.name = "bob"}, std::nullopt, soon()), Fault::forbidden);
  CHECK_FAULT(find_signed_in(pool, {.name = "bob\xfc"}, std::nullopt, soon()), Fault::forbidden);
  postgres::Pool named(
      {.conninfo = database_with_users(one_person("'7'::text", "convert_from('\\xfc', 'SQL_ASCII')", "'bob'::text"),
                                       "SQL_ASCII")});
  auto found = find_signed_in(named, {.name = "bob"}, std::nullopt, soon());
  CHECK_FAULT(found, Fault::operator_fault);
  CHECK(found.error().what.find("calint_users") != std::string::npos);
}

CALINT_TEST(a_login_that_is_not_utf8_names_nobody) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  CHECK_FAULT(find_signed_in(pool, {.name = "bob\xfc"}, std::nullopt, soon()), Fault::forbidden);
  CHECK_FAULT(find_signed_in(pool, {.name = "bob", .organization = "\xfc"}, std::nullopt, soon()), Fault::forbidden);
}
