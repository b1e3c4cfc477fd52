#include "store/columns.h"

#include <sstream>

#include "base/json.h"

namespace calint::store {

Result<ClientVersion> client_from(const postgres::Rows& rows, size_t row) {
  if (rows.is_null(row, "client_row")) return ClientVersion();
  auto provider = parse_provider(rows.text(row, "client_provider"));
  if (!provider) return Error{.fault = Fault::corrupt, .what = "an OAuth client names a provider that doesn't exist"};
  const std::string organization(rows.text(row, "client_organization"));
  return ClientVersion{.id = rows.integer(row, "client_row"),
                       .organization_id = organization,
                       .provider = *provider,
                       .client_id = std::string(rows.text(row, "client_id")),
                       .version = organization.empty() ? 0 : rows.integer(row, "client_version"),
                       .tenant = rows.maybe_text(row, "client_tenant").value_or(""),
                       .secret_encrypted = rows.maybe_bytes(row, "client_secret"),
                       .seal_id = std::string(rows.text(row, "client_seal"))};
}

Result<Integration> integration_from(const postgres::Rows& rows, size_t row) {
  auto provider = parse_provider(rows.text(row, "provider"));
  if (!provider) return Error{.fault = Fault::corrupt, .what = "an integration names a provider that doesn't exist"};
  auto status = parse_connection_status(rows.text(row, "status"));
  if (!status) return Error{.fault = Fault::corrupt, .what = "an integration has a status that doesn't exist"};
  auto client = client_from(rows, row);
  if (!client) return std::move(client).error();
  return Integration{
      .id = rows.integer(row, "id"),
      .organization_id = std::string(rows.text(row, "integration_organization")),
      .user_id = std::string(rows.text(row, "user_id")),
      .provider = *provider,
      .account = rows.maybe_text(row, "account").value_or(""),
      .account_key = std::string(rows.text(row, "account_key")),
      .client = std::move(*client),
      .access_token_encrypted = rows.maybe_bytes(row, "access_token_encrypted"),
      .refresh_token_encrypted = rows.maybe_bytes(row, "refresh_token_encrypted"),
      .token_expires_at = rows.maybe_instant(row, "token_expires_at"),
      .seal_id = std::string(rows.text(row, "seal_id")),
      .generation = rows.integer(row, "generation"),
      .status = *status,
      .last_error = parse_reason(rows.maybe_text(row, "last_error").value_or("")),
      .error_since = rows.maybe_instant(row, "error_since"),
      .connected_at = rows.maybe_instant(row, "connected_at"),
      .calendar_id = rows.maybe_text(row, "calendar_id").value_or(""),
      .memory = rows.maybe_text(row, "calendar_home").value_or(""),
  };
}

Result<RevocationJob> revocation_from(const postgres::Rows& rows, size_t row) {
  auto provider = parse_provider(rows.text(row, "provider"));
  if (!provider) return Error{.fault = Fault::corrupt, .what = "a job names a provider that doesn't exist"};
  return RevocationJob{.organization_id = std::string(rows.text(row, "organization_id")),
                       .id = rows.integer(row, "id"),
                       .integration_id = std::string(rows.text(row, "integration_id")),
                       .user_id = std::string(rows.text(row, "user_id")),
                       .provider = *provider,
                       .token_encrypted = rows.bytes(row, "token_encrypted"),
                       .seal_id = std::string(rows.text(row, "seal_id")),
                       .grant_organization_id = std::string(rows.text(row, "grant_organization_id")),
                       .account_key = std::string(rows.text(row, "account_key")),
                       .grant_generation = rows.integer(row, "grant_generation"),
                       .deadline_at = rows.maybe_instant(row, "deadline_at")};
}

std::vector<std::string> texts_from(std::string_view array) {
  const Json tree(json_loadb(array.data(), array.size(), JSON_ALLOW_NUL, nullptr));
  std::vector<std::string> texts;
  for (size_t at = 0; at < json_array_size(tree.get()); ++at)
    texts.emplace_back(string_value(json_array_get(tree.get(), at)).value_or(""));
  return texts;
}

std::vector<Breaker> breakers_from(const postgres::Rows& rows) {
  std::vector<Breaker> all;
  for (size_t row = 0; row < rows.size(); ++row) {
    std::vector<std::string> kinds;
    std::istringstream list{std::string(rows.text(row, "kinds"))};
    for (std::string kind; std::getline(list, kind, ',');) kinds.push_back(kind);
    all.push_back({.organization_id = std::string(rows.text(row, "organization_id")),
                   .subject = std::string(rows.text(row, "subject")),
                   .provider = parse_provider(rows.maybe_text(row, "provider").value_or("")),
                   .kinds = std::move(kinds),
                   .lane = std::string(rows.text(row, "lane")),
                   .name = std::string(rows.text(row, "name")),
                   .mark = std::string(rows.text(row, "mark")),
                   .is_closed = rows.boolean(row, "is_closed"),
                   .may_be_probed = rows.boolean(row, "may_be_probed"),
                   .own_mark = rows.maybe_text(row, "own_mark")});
  }
  return all;
}

}  // namespace calint::store
