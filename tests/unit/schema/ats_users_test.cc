#include <algorithm>

#include "migrated.h"

using namespace calint;
using calint::test::soon;

namespace {

struct Migrated : test::Migrated {
  using test::Migrated::Migrated;

  postgres::Rows users() { return rows("SELECT * FROM calint_users ORDER BY id"); }

  // "id organization login admin interviewer scheduler active" of one row.
  std::string line(size_t row) {
    const postgres::Rows all = users();
    std::string text(all.text(row, "id"));
    for (const char* column : {"organization_id", "login", "is_admin", "is_interviewer", "is_scheduler", "active"}) {
      text += ' ';
      text += all.text(row, column);
    }
    return text;
  }
};

}  // namespace

CALINT_TEST(the_table_of_uc_455_is_seen_as_it_is) {
  Migrated database("", {.with_ats_tables = true});
  database.run("INSERT INTO users (email, name, is_interviewer) VALUES ('a@x', 'A', true)");
  CHECK_EQUAL(database.line(0), "1 1 a@x f t f t");
  CHECK_EQUAL(database.users().text(0, "time_zone"), "UTC");
  CHECK(database.report.missing.empty());
}

CALINT_TEST(uuid_ids_and_a_login_are_taken_over) {
  Migrated database(
      "CREATE TABLE users (id uuid PRIMARY KEY, organization_id uuid, login text, email text, name text,"
      " is_admin boolean, is_interviewer boolean, is_scheduler boolean, active boolean);"
      "INSERT INTO users VALUES ('00000000-0000-0000-0000-000000000001', NULL, 'ann', 'a@x', 'A', NULL, true, true,"
      " true)");
  CHECK_EQUAL(database.line(0).substr(36), "  ann f t t t");
}

CALINT_TEST(email_serves_as_login_and_everybody_as_interviewer) {
  Migrated database("CREATE TABLE users (id serial, email varchar(80)); INSERT INTO users (email) VALUES ('a@x')");
  CHECK_EQUAL(database.line(0), "1  a@x f t f t");
  CHECK_EQUAL(database.users().text(0, "name"), "a@x");
  CHECK_EQUAL(database.report.notes.size(), 4);
}

CALINT_TEST(roles_in_words_are_understood) {
  Migrated database(
      "CREATE TABLE users (id int, email text, role text);"
      "INSERT INTO users VALUES (1, 'a', 'Admin'), (2, 'b', 'interviewer'), (3, 'c', 'recruiter'),"
      " (4, 'd', 'candidate'), (5, 'e', NULL)");
  CHECK_EQUAL(database.line(0), "1  a t f f t");
  CHECK_EQUAL(database.line(1), "2  b f t f t");
  CHECK_EQUAL(database.line(2), "3  c f f t t");
  CHECK_EQUAL(database.line(3), "4  d f f f t");
  CHECK_EQUAL(database.line(4), "5  e f f f t");
}

CALINT_TEST(a_role_that_is_an_enum_is_read_and_a_number_is_not) {
  Migrated words("CREATE TYPE role AS ENUM ('interviewer', 'other');"
                 "CREATE TABLE users (id int, email text, role role);"
                 "INSERT INTO users VALUES (1, 'a', 'interviewer'), (2, 'b', 'other')");
  CHECK_EQUAL(words.line(0) + words.line(1), "1  a f t f t2  b f f f t");
  Migrated number("CREATE TABLE users (id int, email text, role int); INSERT INTO users VALUES (1, 'a', 2)");
  CHECK_EQUAL(number.line(0), "1  a f t f t");
}

CALINT_TEST(users_who_left_are_not_active) {
  Migrated database(
      "CREATE TABLE users (id int, email text, active int, deactivated_at timestamptz, deleted_at timestamp);"
      "INSERT INTO users VALUES (1, 'a', 1, NULL, NULL), (2, 'b', 0, NULL, NULL), (3, 'c', 1, now(), NULL),"
      " (4, 'd', 1, NULL, now()), (5, 'e', NULL, NULL, NULL)");
  const char* expected[] = {"t", "f", "f", "f", "f"};
  for (size_t row = 0; row < 5; ++row) CHECK_EQUAL(database.users().text(row, "active"), expected[row]);
}

CALINT_TEST(first_and_last_name_make_a_name) {
  Migrated database("CREATE TABLE users (id int, email text, first_name text, last_name text, timezone text);"
                    "INSERT INTO users VALUES (1, 'a', 'Ann', 'Lee', 'Asia/Tokyo')");
  CHECK_EQUAL(database.users().text(0, "name"), "Ann Lee");
  CHECK_EQUAL(database.users().text(0, "time_zone"), "Asia/Tokyo");
}

CALINT_TEST(a_view_that_is_there_is_left_alone) {
  Migrated database(
      "CREATE TABLE users (id int, email text);"
      "CREATE VIEW calint_users AS SELECT 'own'::text AS id, ''::text AS organization_id, 'x'::text AS login,"
      " 'x'::text AS email, 'x'::text AS name, 'UTC'::text AS time_zone, true AS is_admin, true AS is_interviewer,"
      " true AS is_scheduler, true AS active");
  CHECK_EQUAL(database.line(0), "own  x t t t t");
  CHECK_EQUAL(database.report.missing.size(), 1);  // the audit function only
}

CALINT_TEST(what_an_own_view_lacks_is_told) {
  Migrated database("CREATE VIEW calint_users AS SELECT ''::text AS id, 'x'::text AS login");
  CHECK(database.report.missing[0].find("lacks the columns organization_id, email, name,") != std::string::npos);
}

CALINT_TEST(a_table_without_email_and_login_needs_an_own_view) {
  Migrated database("CREATE TABLE users (id int, nick text)");
  CHECK(database.report.missing[0].find("CREATE VIEW calint_users") != std::string::npos);
}

namespace {

// An own table of users with one row.
std::string own_users(const std::string& columns) { return "CREATE TABLE calint_users AS SELECT " + columns; }

const std::string kOthers = ", 'x'::text AS email, 'x'::text AS name, 'UTC'::text AS time_zone";

// Whether a line of `lines` has this text.
bool tells(const std::vector<std::string>& lines, std::string_view text) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.find(text) != line.npos; });
}

// The SQL that a line gives as an example.
std::string example_of(const std::vector<std::string>& lines, std::string_view line_with) {
  for (const std::string& line : lines)
    if (line.find(line_with) != line.npos) return line.substr(line.find("For example: ") + 13);
  return "";
}

}  // namespace

CALINT_TEST(users_as_they_must_be_need_nothing) {
  Migrated database(
      "CREATE DOMAIN login_name AS varchar(80);" +
      own_users("'1'::text AS id, ''::varchar(5) AS organization_id, 'a'::login_name AS login, false AS is_admin,"
                " true AS is_interviewer, false AS is_scheduler, true AS active" +
                kOthers));
  CHECK(!tells(database.report.missing, "calint_users") && !tells(database.report.notes, "calint_users"));
}

CALINT_TEST(columns_of_wrong_types_are_told_with_the_view_that_casts_them) {
  Migrated database(own_users("7 AS id, 3 AS organization_id, 'a'::text AS login, 1 AS is_admin, 0 AS is_interviewer,"
                              " 'yes'::text AS is_scheduler, 1::smallint AS active" + kOthers));
  for (const char* wrong :
       {"id is integer, not text", "organization_id is integer, not text", "is_admin is integer, not bool",
        "is_scheduler is text, not boolean", "active is smallint, not boolean"})
    CHECK(tells(database.report.missing, wrong));
  CHECK(!tells(database.report.missing, "login is"));
  database.run(example_of(database.report.missing, "other types"));
  CHECK_EQUAL(database.line(0), "7 3 a t f t t");
  database.migrate();
  CHECK(!tells(database.report.missing, "calint_users"));
}

CALINT_TEST(rows_that_lack_something_are_told) {
  Migrated database(
      own_users("NULL::text AS id, NULL::text AS organization_id, NULL::text AS login, NULL::boolean AS is_admin,"
                " true AS is_interviewer, false AS is_scheduler, NULL::boolean AS active" +
                kOthers));
  CHECK(tells(database.report.missing, "1 of the rows of calint_users have no id"));
  CHECK(tells(database.report.notes, "coalesce(active, true)"));
  CHECK(tells(database.report.notes, "have no organization_id (NULL), which counts as ''"));
  CHECK(tells(database.report.notes, "have no login"));
  CHECK(tells(database.report.notes, "is_admin, is_interviewer or is_scheduler"));
}

CALINT_TEST(text_that_is_not_utf8_is_told_with_what_mends_it) {
  // Ascii, a letter of each length, and the last of all; then what begins wrongly, breaks off, is overlong or a
  // surrogate.
  const std::string good[] = {"61", "c3bc", "e282ac", "ed9fbf", "ee8080", "f09f9880", "f48fbfbf"};
  const std::string bad[] = {"fc", "61c3", "c0af", "e08080", "eda080", "f0808080", "f4908080", "80"};
  std::string values;
  const auto add = [&](const std::string& hex) {
    values += (values.empty() ? "" : ", ") + ("(convert_from('\\x" + hex + "', 'SQL_ASCII'))");
  };
  for (const std::string& hex : good) add(hex);
  for (const std::string& hex : bad) add(hex);
  const std::string table =
      "CREATE TABLE calint_users AS SELECT '1'::text AS id, ''::text AS organization_id, login, false"
      " AS is_admin, true AS is_interviewer, false AS is_scheduler, true AS active" +
      kOthers + " FROM (VALUES " + values + ") all_of (login)";
  Migrated database(table, {}, "SQL_ASCII");
  CHECK(tells(database.report.missing, "8 of the rows of calint_users have text that isn't UTF-8"));
  database.run(
      "ALTER TABLE calint_users RENAME TO people; DELETE FROM people WHERE login <> convert_from('\\xfc', 'SQL_ASCII');"
      "CREATE VIEW calint_users AS SELECT id, organization_id, convert_from(convert(convert_to(login, 'SQL_ASCII'),"
      " 'LATIN1', 'UTF8'), 'SQL_ASCII') AS login, email, name, time_zone, is_admin, is_interviewer, is_scheduler,"
      " active FROM people");
  CHECK_EQUAL(database.rows("SELECT login FROM calint_users").text(0, "login"), "\xc3\xbc");
  database.migrate();
  CHECK(!tells(database.report.missing, "UTF-8"));
}

CALINT_TEST(users_that_cannot_be_looked_at_are_a_note) {
  Migrated database(
      "CREATE VIEW calint_users AS SELECT '1'::text AS id, ''::text AS organization_id, 'a'::text AS login,"
      " false AS is_admin, true AS is_interviewer, false AS is_scheduler, 1 / (random() * 0)::int > 0 AS active" +
      kOthers);
  CHECK(tells(database.report.notes, "couldn't be looked at"));
}

CALINT_TEST(a_database_that_cannot_hold_every_text_is_told) {
  Migrated latin("", {.with_ats_tables = true}, "LATIN1");
  CHECK(tells(latin.report.notes, "encoding is LATIN1"));
  auto stored = latin.open()->query(
      {"INSERT INTO calendar_organization_settings (organization_id) VALUES ($1)", {"\xd0\xb6"}}, soon());
  CHECK_FAULT(stored, Fault::operator_fault);
  Migrated whole("", {.with_ats_tables = true});
  CHECK(!tells(whole.report.notes, "encoding"));
}
