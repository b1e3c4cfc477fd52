#include "store/users.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/utf8.h"
#include "store/columns.h"
#include "store/sql/users.h"

namespace calint::store {
namespace {

std::string text_or_empty(const postgres::Rows& rows, size_t row, const char* column) {
  return rows.maybe_text(row, column).value_or("");
}

bool is_utf8(const std::string& text) { return valid_utf8(text) == text; }

}  // namespace

Error about_users(Error error) {
  // A column that doesn't exist; an operator, a cast or a type that doesn't fit, or a login that is none of the
  // column's type; a text that has no place in UTF-8.
  constexpr std::array<std::string_view, 7> kCodes = {"42703", "42883", "42846", "42804", "22P02", "22021", "22P05"};
  if (std::ranges::find(kCodes, error.code) == kCodes.end()) return error;
  // A column of another table is one that the schema hasn't got yet; statements call calint_users u, or nothing.
  const bool is_others = error.detail == Detail::no_such_column && error.what.find("column u.") == error.what.npos &&
                         error.what.find("column \"") == error.what.npos;
  if (is_others) return error;
  error.fault = Fault::operator_fault;
  error.what = "calint_users is not as it must be: calintctl migrate says what to write; " + error.what;
  return error;
}

Result<SignedIn> find_signed_in(postgres::Pool& pool, const Login& login, const std::optional<ProviderId>& provider,
                                Deadline deadline) {
  const std::string* organization = std::get_if<std::string>(&login.organization);
  if (!is_utf8(login.name) || (organization != nullptr && !is_utf8(*organization)))
    return Error{.fault = Fault::forbidden, .what = "the signed-in login isn't UTF-8"};
  auto rows = pool.query(
      sql::find_signed_in{.provider = provider ? std::optional(std::string(to_string(*provider))) : std::nullopt,
                          .login = login.name,
                          .any_organization = organization == nullptr,
                          .organization = organization == nullptr ? std::string() : *organization},
      deadline);
  if (!rows) return about_users(std::move(rows).error());
  if (rows->size() != 1)
    return Error{.fault = Fault::forbidden,
                 .what = rows->empty() ? "the signed-in login is no active row of calint_users"
                                       : "the signed-in login is more than one active row of calint_users; "
                                         "CalIntOrganization tells organisations apart"};
  if (rows->is_null(0, "u_id"))
    return Error{.fault = Fault::operator_fault, .what = "the signed-in login's row of calint_users has no id"};
  SignedIn found;
  found.user = User{
      .id = std::string(rows->text(0, "u_id")),
      .organization_id = std::string(rows->text(0, "u_organization")),
      .login = std::string(rows->text(0, "login")),
      .email = text_or_empty(*rows, 0, "email"),
      .name = text_or_empty(*rows, 0, "name"),
      .time_zone = text_or_empty(*rows, 0, "time_zone"),
      .is_admin = rows->boolean(0, "is_admin"),
      .is_interviewer = rows->boolean(0, "is_interviewer"),
      .is_scheduler = rows->boolean(0, "is_scheduler"),
  };
  const auto offered = rows->maybe_text(0, "offered");  // where the organisation has chosen: ",google,outlook,"
  for (const ProviderFacts& one : kProviders)
    if (!offered || offered->find(fmt::format(",{},", one.name)) != std::string::npos)
      found.offered.emplace_back(one.name);
  if (!rows->is_null(0, "own_row"))
    found.own_client = ClientVersion{.id = rows->integer(0, "own_row"),
                                     .organization_id = found.user.organization_id,
                                     .provider = *provider,
                                     .client_id = std::string(rows->text(0, "own_id")),
                                     .version = rows->integer(0, "own_version"),
                                     .tenant = text_or_empty(*rows, 0, "own_tenant"),
                                     .secret_encrypted = rows->maybe_bytes(0, "own_secret"),
                                     .seal_id = std::string(rows->text(0, "own_seal"))};
  if (!rows->is_null(0, "id")) {
    auto integration = integration_from(*rows, 0);
    if (!integration) return std::move(integration).error();
    found.integration = std::move(*integration);
  }
  return found;
}

Result<std::vector<std::string>> find_active_users(postgres::Pool& pool, const std::string& organization,
                                                   const std::vector<std::string>& user_ids, Deadline deadline) {
  auto rows = pool.query(sql::find_active_users{.user_ids = user_ids, .organization_id = organization}, deadline);
  if (!rows) return about_users(std::move(rows).error());
  std::vector<std::string> found;
  for (size_t row = 0; row < rows->size(); ++row) found.emplace_back(rows->text(row, "id"));
  return found;
}

}  // namespace calint::store
