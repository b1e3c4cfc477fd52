#include "store/connections.h"

#include "store/audit.h"
#include "store/calendars.h"
#include "store/sql/calendars.h"
#include "store/sql/changes.h"
#include "store/sql/connections.h"
#include "store/sql/grants.h"
#include "store/sql/oauth_clients.h"
#include "store/sql/users.h"
#include "store/statements.h"

namespace calint::store {
namespace {

using postgres::or_null;
using Statements = std::vector<postgres::Statement>;

// The row of an organisation's client; the server's is found by its name.
std::optional<int64_t> row_of(const ClientVersion& client) {
  return client.id == 0 ? std::nullopt : std::optional(client.id);
}

// What every new grant begins with.
Statements begin(const NewConnection& connection) {
  const ClientVersion& client = connection.client;
  Statements statements = {sql::lock_user_and_account{.organization_id = connection.organization_id,
                                                      .user_id = connection.user_id,
                                                      .account_key = connection.account_key}};
  if (client.is_servers() && !client.client_id.empty())
    statements.push_back(
        sql::know_client{.provider = to_string(connection.provider), .client_id = client.client_id});
  statements.push_back(
      sql::hold_grant{.client_organization = client.organization_id, .account_key = connection.account_key});
  return statements;
}

// How a new row begins.
struct Beginning {
  const char* action;                    // connected, switched
  ConnectionStatus status;               // error: it is still to be validated
  Notice outcome;                        // the flow's
  std::string metadata;                  // of the audit row
};

// What it has in common with renew_connection is written in both: each statement's parameters are a type of their own,
// so that one which is left out doesn't compile.
postgres::Statement insert(const NewConnection& connection, const Beginning& beginning) {
  std::optional<std::string> last_error;
  if (beginning.status == ConnectionStatus::error)
    last_error = to_string(Reason::not_validated);
  else if (connection.is_cut)
    last_error = to_string(Reason::list_cut);
  return sql::insert_connection{
      .organization_id = connection.organization_id,
      .user_id = connection.user_id,
      .provider = to_string(connection.provider),
      .account = connection.account,
      .account_key = connection.account_key,
      .scopes = connection.scopes,
      .access_token = connection.tokens.access_token,
      .refresh_token = connection.tokens.refresh_token,
      .token_expires_at = connection.tokens.expires_at,
      .seal_id = connection.tokens.seal_id,
      .status = to_string(beginning.status),
      .last_error = last_error,
      .memory = or_null(connection.memory),
      .calendar_id = or_null(connection.destination),
      .client_row = row_of(connection.client),
      .client_id = connection.client.client_id,
      .refresh_due_at = connection.refresh_due_at,
      .action = beginning.action,
      .flow_id = connection.flow.flow_id,
      .claim = connection.flow.claim,
      .outcome = to_string(beginning.outcome),
      .actor_id = connection.actor.user_id,
      .metadata = beginning.metadata,
      .ip_address = or_null(connection.actor.ip_address),
      .user_agent = or_null(connection.actor.user_agent),
  };
}

// Its tokens, calendars and jobs go, and its revocation is queued.
void end(const Integration& current, const std::optional<Revocation>& revocation, Statements& statements) {
  statements.push_back(sql::end_connection{.organization_id = current.organization_id,
                                           .id = current.id,
                                           .generation = current.generation,
                                           .user_id = current.user_id});
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
}

// Why the provider is left with the grant of a connection that ended: it has no call for it, or there is no token.
const char* why_it_stays(ProviderId provider) { return has_revocation(provider) ? "token_unreadable" : "unsupported"; }

Result<int64_t> id_of(Result<std::vector<postgres::Rows>> results, size_t statement) {
  if (!results) return std::move(results).error();
  return (*results)[statement].integer(0, "id");
}

}  // namespace

Result<int64_t> store_first_connection(postgres::Pool& pool, const NewConnection& connection, Deadline deadline) {
  Statements statements = begin(connection);
  statements.push_back(insert(connection, {.action = "connected",
                                           .status = ConnectionStatus::error,
                                           .outcome = Notice::validation_failed,
                                           .metadata = audit_metadata(connection.provider)}));
  const size_t added = statements.size() - 1;
  return id_of(pool.transaction(std::move(statements), deadline), added);
}

Result<int64_t> store_reconnection(postgres::Pool& pool, const Integration& current,
                                   const std::optional<Revocation>& revocation, const NewConnection& connection,
                                   Deadline deadline) {
  // What was granted through another client stays where the provider can't end it.
  const bool former_stays = current.account_key != connection.account_key && !revocation;
  Statements statements = begin(connection);
  const size_t renewed = statements.size();
  statements.push_back(sql::renew_connection{
      .account = connection.account,
      .account_key = connection.account_key,
      .scopes = connection.scopes,
      .access_token = connection.tokens.access_token,
      .refresh_token = connection.tokens.refresh_token,
      .token_expires_at = connection.tokens.expires_at,
      .seal_id = connection.tokens.seal_id,
      .memory = or_null(connection.memory),
      .client_row = row_of(connection.client),
      .provider = to_string(connection.provider),
      .client_id = connection.client.client_id,
      .organization_id = connection.organization_id,
      .id = current.id,
      .generation = current.generation,
      .refresh_due_at = connection.refresh_due_at,
      .user_id = connection.user_id,
      .flow_id = connection.flow.flow_id,
      .claim = connection.flow.claim,
      .outcome = to_string(Notice::validation_failed),
      .actor_id = connection.actor.user_id,
      .metadata =
          audit_metadata(connection.provider, {.grant_stays = former_stays ? why_it_stays(current.provider) : ""}),
      .ip_address = or_null(connection.actor.ip_address),
      .user_agent = or_null(connection.actor.user_agent),
  });
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
  return id_of(pool.transaction(std::move(statements), deadline), renewed);
}

Result<int64_t> store_switch(postgres::Pool& pool, const Integration& current,
                             const std::optional<Revocation>& revocation, const NewConnection& connection,
                             const std::vector<Calendar>& calendars, Deadline deadline) {
  Statements statements = begin(connection);
  end(current, revocation, statements);
  const std::string grant_stays = revocation ? "" : why_it_stays(current.provider);
  const size_t added = statements.size();
  statements.push_back(insert(
      connection,
      {.action = "switched",
       .status = ConnectionStatus::connected,
       .outcome = Notice::switched,
       .metadata = audit_metadata(connection.provider, {.from_provider = std::string(to_string(current.provider)),
                                                        .grant_stays = grant_stays})}));
  statements.push_back(sql::insert_calendars{.calendars = calendars_json(calendars),
                                              .organization_id = connection.organization_id,
                                              .user_id = connection.user_id});
  return id_of(pool.transaction(std::move(statements), deadline), added);
}

Status store_disconnect(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                        const Actor& actor, Deadline deadline, std::optional<Reason> reason) {
  Statements statements = {sql::lock_user{.organization_id = current.organization_id, .user_id = current.user_id}};
  end(current, revocation, statements);
  statements.push_back(sql::note_change{.organization_id = current.organization_id,
                                        .user_id = current.user_id,
                                        .integration_id = current.id,
                                        .change = "disconnected"});
  const bool own = actor.user_id == current.user_id;
  statements.push_back(audit_statement({.organization_id = current.organization_id,
                                        .action = "disconnected",
                                        .integration_id = std::to_string(current.id),
                                        .provider = current.provider,
                                        .details = {.reason = reason,
                                                    .subject_user_id = own ? std::string() : current.user_id,
                                                    .grant_stays = revocation ? "" : why_it_stays(current.provider)}},
                                       actor));
  return status_of(pool.transaction(std::move(statements), deadline));
}

}  // namespace calint::store
