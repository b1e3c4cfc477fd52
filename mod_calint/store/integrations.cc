#include "store/integrations.h"

#include "store/sql/audit.h"
#include "store/sql/changes.h"
#include "store/sql/connections.h"
#include "store/sql/integrations.h"
#include "store/statements.h"

namespace calint::store {
namespace {

Status done(Result<std::vector<postgres::Rows>> results) { return results ? Status() : Status(std::move(results).error()); }

std::optional<std::string> filled(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

postgres::Statement deactivate(const Integration& current) {
  return sql::end_connection{.organization_id = current.organization_id,
                              .id = current.id,
                              .generation = current.generation,
                              .user_id = current.user_id};
}

Status store_validated(postgres::Pool& pool, const Validated& validated, const Actor& actor, Deadline deadline) {
  return done(pool.transaction({sql::note_validation{.calendar_id = filled(validated.calendar_id),
                                                      .memory = filled(validated.memory),
                                                      .organization_id = validated.organization_id,
                                                      .id = validated.integration_id,
                                                      .generation = validated.generation,
                                                      .outcome = validated.outcome,
                                                      .flow_id = validated.flow_id,
                                                      .audit = validated.audit,
                                                      .actor_id = filled(actor.user_id),
                                                      .ip_address = filled(actor.ip_address),
                                                      .user_agent = filled(actor.user_agent)},
                                sql::store_calendars{.calendars = calendars_json(validated.calendars),
                                                      .organization_id = validated.organization_id,
                                                      .integration_id = validated.integration_id}},
                               deadline));
}

Status store_failure(postgres::Pool& pool, const Integration& integration, const Failure& failure, const Actor& actor,
                     Deadline deadline) {
  std::vector<postgres::Statement> statements = {sql::note_failure{.organization_id = integration.organization_id,
                                                                    .id = integration.id,
                                                                    .generation = integration.generation,
                                                                    .seal_id = integration.seal_id,
                                                                    .status = failure.status,
                                                                    .reason = failure.reason,
                                                                    .since_now = failure.since_now,
                                                                    .retry_in = failure.retry_in,
                                                                    .actor_id = filled(actor.user_id),
                                                                    .ip_address = filled(actor.ip_address),
                                                                    .user_agent = filled(actor.user_agent)}};
  if (!failure.refresh_lease.empty()) statements.push_back(end_refresh_lease(integration, failure.refresh_lease));
  return done(pool.transaction(std::move(statements), deadline));
}

Status store_disconnect(postgres::Pool& pool, const Integration& current, const std::optional<Revocation>& revocation,
                        const Actor& actor, Deadline deadline, const std::string& reason) {
  std::vector<postgres::Statement> statements = {lock_user(current.organization_id, current.user_id), deactivate(current)};
  if (revocation)
    statements.push_back(queue_revocation(current.organization_id, current.user_id, current.id, *revocation));
  statements.push_back(sql::note_change{.organization_id = current.organization_id,
                                         .user_id = current.user_id,
                                         .integration_id = current.id,
                                         .change = "disconnected"});
  const std::string subject = actor.user_id == current.user_id ? std::string() : current.user_id;
  statements.push_back(sql::audit_integration(
      {.organization_id = current.organization_id,
       .actor_id = filled(actor.user_id),
       .action = "disconnected",
       .integration_id = std::to_string(current.id),
       .metadata = audit_metadata(
           current.provider, {.reason = reason, .subject_user_id = subject, .revocation_unsupported = !revocation}),
       .ip_address = filled(actor.ip_address),
       .user_agent = filled(actor.user_agent)}));
  return done(pool.transaction(std::move(statements), deadline));
}

Status store_audit(postgres::Pool& pool, const AuditEntry& entry, const Actor& actor, Deadline deadline) {
  auto rows = pool.query(
      sql::audit_integration{.organization_id = entry.organization_id,
                              .actor_id = filled(actor.user_id),
                              .action = entry.action,
                              .integration_id = entry.integration_id,
                              .metadata = audit_metadata(
                                  entry.provider, {.reason = entry.reason,
                                                   .revocation_unsupported = entry.revocation_unsupported}),
                              .ip_address = filled(actor.ip_address),
                              .user_agent = filled(actor.user_agent)},
      deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

}  // namespace calint::store
