// Pieces that several transactions of the store share. Private to the room.
#pragma once

#include <vector>

#include "store/attempts.h"
#include "store/integrations.h"

namespace calint::store {

// The lock of a user's integrations: in a statement of its own, so that what follows sees what the last holder
// committed.
postgres::Statement lock_user(const std::string& organization_id, const std::string& user_id);

// Takes part in the grant: locks its row and raises its generation. The transaction fails with conflict while a
// revocation of the account is under way: it might end the new grant as well.
postgres::Statement hold_grant(const std::string& client_organization_id, const std::string& account_key);

// A newer grant cancels revocations of its account that nobody works on yet; each is audited as abandoned.
postgres::Statement cancel_revocations(const std::string& account_key);

// A revocation with its grant's generation as it is now (0 where the grant isn't held by anybody).
postgres::Statement queue_revocation(const std::string& organization_id, const std::string& user_id,
                           const std::optional<int64_t>& integration_id, const Revocation& revocation);

// Ends an active integration: tokens, calendars and jobs go. The transaction fails with conflict where it changed
// since it was read.
postgres::Statement deactivate(const Integration& current);

// Ends the lease of a refresh where `owner` has it. In a transaction that writes the integration it comes after that,
// as claim_refreshes() locks them.
postgres::Statement end_refresh_lease(const Integration& integration, const std::string& owner);

// Ends the lease of a job where `owner` has it, and says when it comes again. Returns as `past` whether its
// deadline_at has passed.
postgres::Statement put_off_job(const std::string& organization_id, int64_t id, const std::string& owner,
                                const Again& again);

// Stores the account's calendars as JSON rows for jsonb_to_recordset.
std::string calendars_json(const std::vector<Calendar>& calendars);

// As a JSON array for jsonb_array_elements_text. The texts are valid UTF-8.
std::string texts_json(const std::vector<std::string>& texts);

// What an audit row's metadata says beside the provider.
struct AuditDetails {
  std::string reason = {};                 // stable word; empty: none
  std::string from_provider = {};          // of a switch
  std::string subject_user_id = {};        // whose integration it is, where somebody else acted; empty: theirs
  bool revocation_unsupported = false;     // the provider was left with a grant that it has no call to end
};
// As JSON.
std::string audit_metadata(ProviderId provider, const AuditDetails& details = {});

}  // namespace calint::store
