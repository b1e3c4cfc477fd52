#include "schema/ats_audit.h"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "schema/relation.h"
#include "schema/sql/catalogue.h"

namespace calint::schema {
namespace {

constexpr std::string_view kMark = "made by calintctl migrate; sha256 of the body: ";
constexpr std::string_view kSignature =
    "calint_audit(organization_id text, user_id text, action text, auditable_type text, auditable_id text,"
    " metadata jsonb, ip_address text, user_agent text)";
constexpr std::string_view kExample =
    " RETURNS void LANGUAGE sql AS $$ INSERT INTO my_audit (who, what, about) VALUES ($2, $3, $5) $$;";

// How a parameter's value gets into a column, or nothing where it can't.
std::optional<std::string> value_for(const Column& column) {
  const std::string parameter = "calint_audit." + column.name;
  const std::string cast = fmt::format("{}::{}", parameter, column.type);  // cuts text to the column's length
  const std::string_view name = column.name;
  if (name == "metadata") {
    return column.kind == Kind::json || column.kind == Kind::text ? std::optional(cast) : std::nullopt;
  }
  if (name == "ip_address" && column.kind == Kind::inet) return "address";
  if (column.kind == Kind::text) return cast;
  if (name == "auditable_id" && column.kind == Kind::number) {
    return fmt::format("CASE WHEN {0} ~ '^[0-9]{{1,18}}$' THEN {1} END", parameter, cast);
  }
  const bool is_ats_id = name == "organization_id" || name == "user_id";
  if (is_ats_id && (column.kind == Kind::number || column.kind == Kind::uuid)) {
    return fmt::format("nullif({}, '')::{}", parameter, column.type);
  }
  return std::nullopt;
}

std::optional<std::string> own_value_for(const Column& column) {
  if (column.name == "created_at" || column.name == "updated_at") {
    if (column.kind != Kind::instant) return std::nullopt;
    return column.type.ends_with("without time zone") ? "now() AT TIME ZONE 'UTC'" : "now()";
  }
  if (!column.must_be_given || column.name != "id") return std::nullopt;
  if (column.kind == Kind::uuid) return "gen_random_uuid()";
  if (column.kind == Kind::text) return "gen_random_uuid()::text";
  return std::nullopt;
}

bool is_parameter(std::string_view name) {
  constexpr std::array<std::string_view, 8> kParameters = {
      "organization_id", "user_id", "action", "auditable_type", "auditable_id", "metadata", "ip_address", "user_agent"};
  for (const std::string_view parameter : kParameters) {
    if (parameter == name) return true;
  }
  return false;
}

struct Existing {
  std::string body;
  bool ours = false;
};

Result<std::optional<Existing>> find_function(postgres::Session& connection, Deadline deadline) {
  Result<postgres::Rows> rows = connection.query(sql::find_audit_function{.mark = kMark}, deadline);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Existing>();
  return std::optional<Existing>({.body = std::string(rows->text(0, "prosrc")), .ours = rows->boolean(0, "ours")});
}

Status write_function(postgres::Session& connection, const std::string& body, Deadline deadline) {
  Result<postgres::Rows> digest = connection.query(sql::digest_of_body{.body = body}, deadline);
  if (!digest) return digest.error();
  return connection.script(
      fmt::format("CREATE OR REPLACE FUNCTION {0} RETURNS void LANGUAGE plpgsql AS $calint${1}$calint$;"
                  " COMMENT ON FUNCTION calint_audit(text, text, text, text, text, jsonb, text, text) IS '{2}{3}'",
                  kSignature, body, kMark, digest->text(0, "digest")),
      deadline);
}

// The body of calint_audit over a table of audit rows.
struct AuditBody {
  std::string text;
  std::vector<std::string> problems;  // why there can be none
};

AuditBody audit_body(const Relation& audit_logs) {
  AuditBody body;
  std::string columns, values;
  for (const Column& column : audit_logs.columns) {
    const std::optional<std::string> value = is_parameter(column.name) ? value_for(column) : own_value_for(column);
    if (value) {
      columns += fmt::format("{}{}", columns.empty() ? "" : ", ", column.name);
      values += fmt::format("{}{}", values.empty() ? "" : ", ", *value);
    } else if (is_parameter(column.name)) {
      body.problems.push_back(fmt::format("{} can't be written as {}", column.name, column.type));
    } else if (column.must_be_given) {
      body.problems.push_back(fmt::format("{} has no default", column.name));
    }
  }
  for (const char* needed : {"user_id", "action", "auditable_type", "auditable_id"}) {
    if (!audit_logs.has(needed)) body.problems.push_back(fmt::format("there is no column {}", needed));
  }
  // An address that can't be read must not cost the row, nor the transaction around it.
  body.text = fmt::format(
      "\nDECLARE\n  address inet;\nBEGIN\n"
      "  BEGIN\n    address := calint_audit.ip_address::inet;\n"
      "  EXCEPTION WHEN invalid_text_representation THEN\n    address := NULL;\n  END;\n"
      "  INSERT INTO {} ({})\n  VALUES ({});\nEND\n",
      audit_logs.name, columns, values);
  return body;
}

}  // namespace

Status make_audit_function(postgres::Session& connection, MigrateReport& report, Deadline deadline) {
  Result<std::optional<Existing>> existing = find_function(connection, deadline);
  if (!existing) return existing.error();
  if (existing->has_value() && !(*existing)->ours) return {};
  Result<std::optional<Relation>> audit_logs = find_relation(connection, "audit_logs", deadline);
  if (!audit_logs) return audit_logs.error();

  AuditBody body;
  if (audit_logs->has_value()) body = audit_body(**audit_logs);
  else body.problems.push_back("there is no table audit_logs");
  if (!body.problems.empty()) {
    report.missing.push_back(
        fmt::format("the function calint_audit can't be made: {}. For example: CREATE FUNCTION {}{}",
                    fmt::join(body.problems, "; "), kSignature, kExample));
    return {};
  }
  if (existing->has_value() && (*existing)->body == body.text) return {};
  if (Status made = write_function(connection, body.text, deadline); !made) return made;
  const char* again = existing->has_value() ? " anew" : "";
  report.notes.push_back(fmt::format("made the function calint_audit{} over {}", again, (*audit_logs)->name));
  return {};
}

}  // namespace calint::schema
