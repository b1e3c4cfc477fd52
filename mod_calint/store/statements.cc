#include "store/statements.h"

#include "store/sql/grants.h"

namespace calint::store {

postgres::Statement queue_revocation(const std::string& organization_id, const std::string& user_id,
                                     const std::optional<int64_t>& integration_id, const Revocation& revocation) {
  return sql::queue_revocation{.organization_id = organization_id,
                                .integration_id = integration_id,
                                .user_id = user_id,
                                .provider = revocation.provider,
                                .token = revocation.token_encrypted,
                                .seal_id = revocation.seal_id,
                                .grant_organization_id = revocation.grant_organization_id,
                                .account_key = revocation.account_key};
}

}  // namespace calint::store
