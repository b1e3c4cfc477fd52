#include "store/audit.h"

#include "base/json_writer.h"
#include "store/sql/audit.h"

namespace calint::store {

using postgres::or_null;

std::string audit_metadata(ProviderId provider, const AuditDetails& details) {
  JsonObject metadata;
  metadata.add("provider", to_string(provider))
      .add_filled("reason", details.reason ? to_string(*details.reason) : std::string_view())
      .add_filled("from_provider", details.from_provider)
      .add_filled("subject_user_id", details.subject_user_id)
      .add_filled("provider_revocation", details.grant_stays);
  return metadata.text();
}

postgres::Statement audit_statement(const AuditEntry& entry, const Actor& actor) {
  return sql::audit_integration{.organization_id = entry.organization_id,
                                .actor_id = or_null(actor.user_id),
                                .action = entry.action,
                                .integration_id = entry.integration_id,
                                .metadata = audit_metadata(entry.provider, entry.details),
                                .ip_address = or_null(actor.ip_address),
                                .user_agent = or_null(actor.user_agent)};
}

Status store_audit(postgres::Pool& pool, const AuditEntry& entry, const Actor& actor, Deadline deadline) {
  auto rows = pool.query(audit_statement(entry, actor), deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

}  // namespace calint::store
