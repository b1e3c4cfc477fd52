#include "migrated.h"

using namespace calint;
using calint::test::soon;

namespace {

struct Migrated : test::Migrated {
  using test::Migrated::Migrated;

  Result<postgres::Rows> audit(const postgres::Param& organization, const postgres::Param& user,
                               const postgres::Param& address, const char* agent = "") {
    return pool.query({"SELECT calint_audit($1, $2, 'calendar_integration.connected', 'CalendarIntegration', '42',"
                       " '{\"provider\": \"google\"}', $3, $4)",
                       {organization, user, address, agent}},
                      soon());
  }

  postgres::Rows row() {
    postgres::Rows found = rows("SELECT * FROM audit_logs");
    CHECK_EQUAL(found.size(), 1);
    return found;
  }

  // The problems that were reported for the function.
  std::string missing() const {
    for (const std::string& line : report.missing) {
      if (line.find("calint_audit") != std::string::npos) return line;
    }
    return {};
  }
};

constexpr const char* kColumns =
    "action text NOT NULL, auditable_type text NOT NULL, auditable_id bigint NOT NULL, metadata jsonb";

std::string table(const std::string& first_columns, const std::string& more = "") {
  return "CREATE TABLE audit_logs (" + first_columns + ", " + kColumns + more + ")";
}

}  // namespace

CALINT_TEST(the_audit_log_of_uc_455_takes_a_row) {
  Migrated database("", {.with_ats_tables = true});
  CHECK_OK(database.audit("7", "8", "192.0.2.1"));
  const postgres::Rows row = database.row();
  CHECK_EQUAL(row.text(0, "organization_id"), "7");
  CHECK_EQUAL(row.text(0, "user_id"), "8");
  CHECK_EQUAL(row.text(0, "action"), "calendar_integration.connected");
  CHECK_EQUAL(row.text(0, "auditable_id"), "42");
  CHECK_EQUAL(row.text(0, "metadata"), "{\"provider\": \"google\"}");
  CHECK_EQUAL(row.text(0, "ip_address"), "192.0.2.1");
  CHECK(!row.is_null(0, "created_at"));
}

CALINT_TEST(an_address_that_cannot_be_read_becomes_null) {
  Migrated database("", {.with_ats_tables = true});
  database.run("SELECT calint_audit('', NULL, 'a', 'b', 'not a number', NULL, 'proxy.example', NULL)");
  const postgres::Rows row = database.row();
  CHECK(row.is_null(0, "ip_address") && row.is_null(0, "organization_id") && row.is_null(0, "auditable_id"));
}

CALINT_TEST(uuid_ids_are_cast_and_made) {
  Migrated database(table("id uuid PRIMARY KEY, organization_id uuid, user_id uuid",
                          ", ip_address text, user_agent varchar(10), created_at timestamp NOT NULL,"
                          " updated_at timestamp NOT NULL"));
  CHECK_OK(database.audit("00000000-0000-0000-0000-000000000007", "00000000-0000-0000-0000-000000000008",
                          "not an address", "Mozilla/5.0 (X11)"));
  const postgres::Rows row = database.row();
  CHECK_EQUAL(row.text(0, "user_id"), "00000000-0000-0000-0000-000000000008");
  CHECK_EQUAL(row.text(0, "ip_address"), "not an address");
  CHECK_EQUAL(row.text(0, "user_agent"), "Mozilla/5.");
  CHECK(!row.is_null(0, "id") && !row.is_null(0, "updated_at"));
}

CALINT_TEST(a_serial_id_and_plain_json_work) {
  Migrated database(
      "CREATE TABLE audit_logs (id bigserial PRIMARY KEY, user_id int, action varchar(60), auditable_type varchar(60),"
      " auditable_id text, metadata json, ip_address inet)");
  CHECK_OK(database.audit("1", "8", nullptr));
  CHECK_EQUAL(database.row().text(0, "auditable_id"), "42");
}

CALINT_TEST(a_uuid_for_what_was_changed_cannot_be_filled) {
  Migrated database("CREATE TABLE audit_logs (id bigserial, user_id uuid, action text, auditable_type text,"
                    " auditable_id uuid)");
  CHECK(database.missing().find("auditable_id can't be written as uuid") != std::string::npos);
}

CALINT_TEST(a_column_that_nobody_fills_is_told) {
  Migrated database(table("id bigint PRIMARY KEY, user_id bigint", ", tenant text NOT NULL"));
  CHECK(database.missing().find("id has no default; tenant has no default") != std::string::npos);
}

CALINT_TEST(our_function_follows_the_table) {
  Migrated database(table("id bigserial, user_id bigint"));
  database.migrate();
  CHECK(database.report.notes.empty());
  database.run("ALTER TABLE audit_logs ADD user_agent text");
  database.migrate();
  CHECK_EQUAL(database.report.notes.size(), 1);
  CHECK_OK(database.audit("", "1", nullptr, "curl/8"));
  CHECK_EQUAL(database.row().text(0, "user_agent"), "curl/8");
}

CALINT_TEST(a_function_that_the_administrator_replaced_is_left_alone) {
  Migrated database(table("id bigserial, user_id bigint"));
  database.run(
      "CREATE OR REPLACE FUNCTION calint_audit(organization_id text, user_id text, action text, auditable_type text,"
      " auditable_id text, metadata jsonb, ip_address text, user_agent text) RETURNS void LANGUAGE sql AS"
      " $$ INSERT INTO audit_logs (action, auditable_type, auditable_id) VALUES ('mine', $4, 1) $$;"
      " ALTER TABLE audit_logs ADD user_agent text");
  database.migrate();
  CHECK(database.report.notes.empty() && database.missing().empty());
  CHECK_OK(database.audit("", "1", nullptr));
  CHECK_EQUAL(database.row().text(0, "action"), "mine");
}

CALINT_TEST(a_row_that_the_audit_log_refuses_is_for_the_administrator_to_mend) {
  Migrated database("", {.with_ats_tables = true});
  const auto audit = [&] {
    return database.open()->query({"SELECT calint_audit('1', '1', 'a', 'T', '1', '{}', NULL, NULL)", {}}, soon());
  };
  // The ATS's table changes after calint_audit was made for it.
  database.run("ALTER TABLE audit_logs ADD COLUMN tenant text NOT NULL DEFAULT ''");
  database.run("ALTER TABLE audit_logs ALTER COLUMN tenant DROP DEFAULT");
  auto refused = audit();
  CHECK_FAULT(refused, Fault::operator_fault);
  CHECK(refused.error().what.find("calint_audit") != std::string::npos);
  database.run(
      "CREATE OR REPLACE FUNCTION calint_audit(organization_id text, user_id text, action text, auditable_type text,"
      " auditable_id text, metadata jsonb, ip_address text, user_agent text) RETURNS void LANGUAGE sql AS"
      " $$ INSERT INTO audit_logs (action) VALUES (NULL) $$");
  CHECK_FAULT(audit(), Fault::operator_fault);
}
