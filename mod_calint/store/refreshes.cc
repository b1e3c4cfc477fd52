#include "store/refreshes.h"

#include "store/commits.h"
#include "store/sql/refreshes.h"
#include "store/statements.h"

namespace calint::store {

Result<bool> lease_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner,
                           Deadline deadline) {
  auto results = pool.transaction({sql::wait_for_refresh{.organization_id = integration.organization_id,
                                                         .integration_id = integration.id},
                                   sql::lease_refresh{.owner = owner,
                                                      .lease = kRefreshLease,
                                                      .organization_id = integration.organization_id,
                                                      .integration_id = integration.id}},
                                  deadline);
  if (!results) return std::move(results).error();
  return (*results)[1].affected() == 1;
}

Status store_refreshed(postgres::Pool& pool, const Integration& integration, const SealedTokens& tokens, Instant due_at,
                       Deadline deadline) {
  return status_of(pool.query(
      sql::store_refreshed{
          .access_token = tokens.access_token,
          .refresh_token = tokens.refresh_token,
          .new_seal_id = tokens.seal_id,
          .token_expires_at = tokens.expires_at,
          .client_row = integration.client.id == 0 ? std::nullopt : std::optional(integration.client.id),
          .organization_id = integration.organization_id,
          .id = integration.id,
          .generation = integration.generation,
          .seal_id = integration.seal_id,
          .due_at = due_at},
      deadline));
}

Status release_refresh(postgres::Pool& pool, const Integration& integration, const std::string& owner,
                       Deadline deadline) {
  return status_of(pool.query(sql::release_refresh{.organization_id = integration.organization_id,
                                                   .integration_id = integration.id,
                                                   .owner = owner},
                              deadline, commits::kJobEnd));
}

}  // namespace calint::store
