#include "postgres/sql_error.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace calint::postgres {
namespace {

std::string_view field(const pg_result* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

// Whether the ATS's audit log refused a row: calint_audit is made for its columns as they were, or an administrator's.
bool is_of_audit_log(const pg_result* result) {
  return field(result, PG_DIAG_CONTEXT).find("calint_audit") != std::string_view::npos;
}

// Errors about values (22), raised by functions (P0) or internal (XX) may quote a value in their first line.
// The others name tables, columns, constraints and roles there; values are in the detail, which is never shown.
bool quotes_values(std::string_view sqlstate) {
  constexpr std::array<std::string_view, 10> kHarmless = {"08", "23", "25", "28", "3D", "40", "42", "53", "55", "57"};
  return std::none_of(kHarmless.begin(), kHarmless.end(),
                      [&](std::string_view prefix) { return sqlstate.starts_with(prefix); });
}

Detail detail_of(std::string_view sqlstate) {
  if (sqlstate == "55P03") return Detail::lock_taken;
  if (sqlstate == "42703") return Detail::no_such_column;
  return sqlstate == "42P01" ? Detail::no_such_table : Detail::none;
}

}  // namespace

Fault fault_of(std::string_view sqlstate) {
  const auto is = [&](auto... codes) { return ((sqlstate == codes) || ...); };
  const auto in = [&](auto... classes) { return (sqlstate.starts_with(classes) || ...); };
  if (in("08", "53", "57P") || is("25006", "57014")) return Fault::unavailable;
  if (is("23505", "40001", "40P01", "55P03")) return Fault::conflict;
  if (in("28", "3D") || is("42501", "42P01", "42703", "42883", "42804", "42846", "22P05", "26000", "42P05"))
    return Fault::operator_fault;
  return Fault::bug;
}

bool ends_session(const pg_result* result) {
  const std::string_view severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

Error error_of(const pg_result* result, Quoting quoting) {
  const std::string sqlstate(field(result, PG_DIAG_SQLSTATE));
  if (sqlstate.empty()) {
    return Error{.fault = Fault::unavailable, .what = "database: " + one_line(PQresultErrorMessage(result)),
                 .of_database = true};
  }
  std::string what = "database: SQLSTATE " + sqlstate;
  if (quoting == Quoting::holds_no_values || !quotes_values(sqlstate)) {
    what += ": " + one_line(field(result, PG_DIAG_MESSAGE_PRIMARY));
  }
  for (const auto& [code, name] : {std::pair{PG_DIAG_TABLE_NAME, "table"}, std::pair{PG_DIAG_COLUMN_NAME, "column"},
                                   std::pair{PG_DIAG_CONSTRAINT_NAME, "constraint"}}) {
    const std::string_view value = field(result, code);
    if (!value.empty()) what += fmt::format(", {} {}", name, one_line(value));
  }
  Fault fault = fault_of(sqlstate);
  const bool is_refused_row = (fault == Fault::bug || sqlstate == "23505") && is_of_audit_log(result);
  if (is_refused_row) {
    fault = Fault::operator_fault;
    what += "; the ATS's audit log refuses the row: mend the function calint_audit, or drop it and run calintctl "
            "migrate";
  }
  return Error{.fault = fault,
               .what = std::move(what),
               .code = sqlstate,
               .detail = detail_of(sqlstate),
               .of_database = true};
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank) line += c;
    else if (!line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

}  // namespace calint::postgres
