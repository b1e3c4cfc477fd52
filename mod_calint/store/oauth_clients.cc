#include "store/oauth_clients.h"

#include "store/columns.h"

namespace calint::store {
namespace {

Result<std::optional<ClientVersion>> one_client(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<ClientVersion>();
  auto client = client_from(*rows, 0);
  if (!client) return std::move(client).error();
  return std::optional<ClientVersion>(std::move(*client));
}

// In a statement of its own, so that what follows sees what the last holder committed.
postgres::Statement lock_clients(const std::string& organization, ProviderId provider) {
  return {"SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || $2, 456))",
          {organization, to_string(provider)}};
}

// Fails with conflict unless the active version is the one that was seen (0: none).
postgres::Statement deactivate_seen(const std::string& organization, ProviderId provider, int64_t seen_version) {
  return {"WITH ended AS (UPDATE calendar_oauth_clients SET active = false WHERE organization_id = $1 AND provider = $2"
          " AND active RETURNING version)"
          " SELECT calint_require($1 <> '' AND coalesce((SELECT max(version) FROM ended), 0) = $3)",
          {organization, to_string(provider), seen_version}};
}

// The settings are the organisation's: its id stands in the row where the ATS's audit log can hold it.
postgres::Statement audit(const std::string& organization, ProviderId provider, const ClientVersion* client, const Actor& actor) {
  return {"SELECT calint_audit($1, nullif($2, ''), 'calendar_organization_settings.updated',"
          " 'CalendarOrganizationSettings', CASE WHEN $1 ~ '^[0-9]{1,18}$' THEN $1 ELSE '0' END,"
          " jsonb_strip_nulls(jsonb_build_object('provider', $3::text, 'oauth_client',"
          " CASE WHEN $4 = '' THEN 'server' ELSE 'organization' END, 'client_id', nullif($4, ''),"
          " 'version', nullif($5::bigint, 0), 'tenant', nullif($6, ''))), nullif($7, ''), nullif($8, ''))",
          {organization, actor.user_id, to_string(provider), client ? client->client_id : "",
           client ? client->version : 0, client ? client->tenant : "", actor.ip_address, actor.user_agent}};
}

Status done(Result<std::vector<postgres::Rows>> results) { return results ? Status() : Status(std::move(results).error()); }

}  // namespace

Result<std::optional<ClientVersion>> find_client_version(postgres::Pool& pool, const std::string& organization,
                                                         ProviderId provider, int64_t version, Deadline deadline) {
  return one_client(pool.query({"SELECT " CALINT_CLIENT_COLUMNS " FROM calendar_oauth_clients c WHERE"
                                " c.organization_id = $1 AND c.organization_id <> '' AND c.provider = $2"
                                " AND c.version = $3",
                                {organization, to_string(provider), version}},
                               deadline));
}

Result<std::optional<ClientVersion>> find_newer_secret(postgres::Pool& pool, const ClientVersion& client, Deadline deadline) {
  return one_client(pool.query({"SELECT " CALINT_CLIENT_COLUMNS " FROM calendar_oauth_clients c WHERE"
                                " c.organization_id = $1 AND c.organization_id <> '' AND c.provider = $2 AND c.active"
                                " AND c.client_id = $3 AND c.version <> $4",
                                {client.organization_id, to_string(client.provider), client.client_id, client.version}},
                               deadline));
}

Result<std::vector<ClientUse>> list_client_use(postgres::Pool& pool, const std::string& organization, Deadline deadline) {
  auto rows = pool.query(
      {"SELECT p.provider, " CALINT_CLIENT_COLUMNS ", c.created_at, coalesce((SELECT max(version)"
       " FROM calendar_oauth_clients WHERE organization_id = $1 AND $1 <> '' AND provider = p.provider), 0) AS latest,"
       " n.present, n.before, n.refused"
       " FROM unnest('{google,outlook}'::text[]) WITH ORDINALITY AS p (provider, place)"
       " LEFT JOIN calendar_oauth_clients c"
       " ON c.organization_id = $1 AND c.organization_id <> '' AND c.provider = p.provider AND c.active,"
       " LATERAL (SELECT count(*) FILTER (WHERE is_present) AS present,"
       " count(*) FILTER (WHERE NOT is_present) AS before,"
       " count(*) FILTER (WHERE is_own AND last_error = 'operator') AS refused"
       " FROM (SELECT i.last_error, k.organization_id <> '' AS is_own,"
       " CASE WHEN c.id IS NULL THEN k.organization_id = '' ELSE k.id = c.id END AS is_present"
       " FROM calendar_integrations i JOIN calendar_oauth_clients k"
       " ON k.id = i.oauth_client_id AND k.organization_id IN ('', $1)"
       " WHERE i.organization_id = $1 AND i.provider = p.provider AND i.active) connected) n ORDER BY p.place",
       {organization}},
      deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ClientUse> uses;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto client = client_from(*rows, row);
    if (!client) return std::move(client).error();
    uses.push_back({.provider = *parse_provider(rows->text(row, "provider")),
                    .own = client->id == 0 ? std::nullopt : std::optional(std::move(*client)),
                    .since = rows->maybe_instant(row, "created_at"),
                    .latest_version = rows->integer(row, "latest"),
                    .people = rows->integer(row, "present"),
                    .people_before = rows->integer(row, "before"),
                    .refused = rows->integer(row, "refused")});
  }
  return uses;
}

Status save_client(postgres::Pool& pool, const ClientVersion& client, const ClientChange& change, Deadline deadline) {
  return done(pool.transaction(
      {lock_clients(client.organization_id, client.provider),
       deactivate_seen(client.organization_id, client.provider, change.seen_version),
       {"WITH added AS (INSERT INTO calendar_oauth_clients (organization_id, provider, client_id, version, tenant,"
        " secret_encrypted, seal_id) SELECT $1, $2, $3, $4, nullif($5, ''), $6::bytea, $7"
        " WHERE $4 = 1 + coalesce((SELECT max(version) FROM calendar_oauth_clients WHERE organization_id = $1"
        " AND provider = $2), 0) RETURNING id) SELECT calint_require(EXISTS (SELECT FROM added))",
        {client.organization_id, to_string(client.provider), client.client_id, client.version, client.tenant,
         postgres::Param::bytea(client.secret_encrypted), client.seal_id}},
       audit(client.organization_id, client.provider, &client, change.actor)},
      deadline));
}

Status remove_client(postgres::Pool& pool, const std::string& organization, ProviderId provider, const ClientChange& change,
                     Deadline deadline) {
  return done(pool.transaction({lock_clients(organization, provider),
                                deactivate_seen(organization, provider, change.seen_version),
                                audit(organization, provider, nullptr, change.actor)},
                               deadline));
}

}  // namespace calint::store
