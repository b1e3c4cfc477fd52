#include "store/quotas.h"

#include "store/sql/quotas.h"

namespace calint::store {

Status spend_requests(postgres::Pool& pool, const ClientVersion& client, int requests, Deadline deadline) {
  return status_of(pool.query(sql::spend_requests{.requests = requests,
                                                  .organization_id = client.organization_id,
                                                  .provider = to_string(client.provider),
                                                  .client_id = client.client_id},
                              deadline));
}

Result<std::optional<std::chrono::seconds>> pause_client(postgres::Pool& pool, const ClientVersion& client,
                                                         Deadline deadline) {
  auto rows = pool.query(sql::pause_client{.organization_id = client.organization_id,
                                           .provider = to_string(client.provider),
                                           .client_id = client.client_id,
                                           .longest = std::chrono::seconds(kLongestPause),
                                           .first = kFirstPause},
                         deadline);
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<std::chrono::seconds>();
  return std::optional(std::chrono::seconds(rows->integer(0, "seconds")));
}

}  // namespace calint::store
