#include "store/users.h"

#include "store/columns.h"

namespace calint::store {
namespace {

Result<std::optional<Integration>> one_integration(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<Integration>();
  auto integration = integration_from(*rows, 0);
  if (!integration) return std::move(integration).error();
  return std::optional<Integration>(std::move(*integration));
}

std::string text_or_empty(const postgres::Rows& rows, size_t row, const char* column) {
  return rows.maybe_text(row, column).value_or("");
}

bool flag(const postgres::Rows& rows, size_t row, const char* column) {
  return !rows.is_null(row, column) && rows.boolean(row, column);
}

}  // namespace

Result<SignedIn> find_signed_in(postgres::Pool& pool, const Login& login, const std::optional<ProviderId>& provider,
                                Deadline deadline) {
  const std::string* organization = std::get_if<std::string>(&login.organization);
  auto rows = pool.query(
      {"SELECT u.id AS u_id, u.organization_id AS u_organization, u.login, u.email, u.name, u.time_zone,"
       " u.is_admin, u.is_interviewer, o.providers @> '{google}' AS google, o.providers @> '{outlook}' AS outlook,"
       " o.providers @> '{apple}' AS apple, own.id AS own_row, own.client_id AS own_id, own.version AS own_version,"
       " own.tenant AS own_tenant, own.secret_encrypted AS own_secret, own.seal_id AS own_seal, "
       CALINT_INTEGRATION_COLUMNS
       " FROM calint_users u"
       " LEFT JOIN calendar_integrations i ON i.organization_id = u.organization_id AND i.user_id = u.id AND i.active"
       CALINT_INTEGRATION_CLIENT
       " LEFT JOIN calendar_organization_settings o ON o.organization_id = u.organization_id"
       " LEFT JOIN calendar_oauth_clients own ON own.organization_id = u.organization_id AND own.organization_id <> ''"
       " AND own.provider = $3 AND own.active"
       " WHERE u.login = $1 AND u.active AND ($2::boolean OR u.organization_id = $4) LIMIT 2",
       {login.name, organization == nullptr, provider ? std::optional(std::string(to_string(*provider))) : std::nullopt,
        organization == nullptr ? std::string() : *organization}},
      deadline);
  if (!rows) return std::move(rows).error();
  if (rows->size() != 1)
    return Error{.fault = Fault::forbidden,
                 .what = rows->empty() ? "the signed-in login is no active row of calint_users"
                                       : "the signed-in login is more than one active row of calint_users; "
                                         "CalIntOrganization tells organisations apart"};
  SignedIn found;
  found.user = User{
      .id = std::string(rows->text(0, "u_id")),
      .organization_id = text_or_empty(*rows, 0, "u_organization"),
      .login = std::string(rows->text(0, "login")),
      .email = text_or_empty(*rows, 0, "email"),
      .name = text_or_empty(*rows, 0, "name"),
      .time_zone = text_or_empty(*rows, 0, "time_zone"),
      .is_admin = flag(*rows, 0, "is_admin"),
      .is_interviewer = flag(*rows, 0, "is_interviewer"),
  };
  for (const ProviderFacts& one : kProviders) {
    const char* column = one.name.data();
    if (rows->is_null(0, column) || rows->boolean(0, column)) found.offered.emplace_back(one.name);
  }
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

Result<std::optional<Integration>> find_integration(postgres::Pool& pool, const std::string& organization, int64_t id,
                                                    Deadline deadline) {
  return one_integration(pool.query({"SELECT " CALINT_INTEGRATION_COLUMNS
                                     " FROM calendar_integrations i" CALINT_INTEGRATION_CLIENT
                                     " WHERE i.organization_id = $1 AND i.id = $2 AND i.active",
                                     {organization, id}},
                                    deadline));
}

Result<std::optional<Integration>> find_active(postgres::Pool& pool, const std::string& organization, const std::string& user_id,
                                               Deadline deadline) {
  return one_integration(pool.query({"SELECT " CALINT_INTEGRATION_COLUMNS
                                     " FROM calendar_integrations i" CALINT_INTEGRATION_CLIENT
                                     " WHERE i.organization_id = $1 AND i.user_id = $2 AND i.active",
                                     {organization, user_id}},
                                    deadline));
}

}  // namespace calint::store
