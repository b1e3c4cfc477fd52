// Audit rows about calendar integrations.
#pragma once

#include <optional>
#include <string>

#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// What an audit row's metadata says beside the provider.
struct AuditDetails {
  std::optional<Reason> reason = std::nullopt;
  std::string from_provider = {};          // of a switch
  std::string subject_user_id = {};        // whose integration it is, where somebody else acted; empty: theirs
  std::string grant_stays = {};            // why the provider was left with a grant: unsupported, token_unreadable
};
// As JSON.
std::string audit_metadata(ProviderId provider, const AuditDetails& details = {});

struct AuditEntry {
  std::string organization_id;
  std::string action;            // without the "calendar_integration." prefix
  std::string integration_id;    // "0" where there is none
  ProviderId provider = ProviderId::google;
  AuditDetails details = {};
};
// To be part of a transaction, and a row of its own.
postgres::Statement audit_statement(const AuditEntry& entry, const Actor& actor);
Status store_audit(postgres::Pool& pool, const AuditEntry& entry, const Actor& actor, Deadline deadline);

}  // namespace calint::store
