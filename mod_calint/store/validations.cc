#include "store/validations.h"

#include "store/commits.h"
#include "store/sql/validations.h"

namespace calint::store {

Status queue_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  return status_of(pool.query(sql::queue_validation{.organization_id = integration.organization_id,
                                                    .integration_id = integration.id,
                                                    .generation = integration.generation},
                              deadline));
}

Result<int64_t> queue_old_lists(postgres::Pool& pool, const OldLists& old, Deadline deadline) {
  auto queued = pool.query(sql::queue_old_lists{.spread = old.spread, .age = old.age, .most = old.most}, deadline);
  if (!queued) return std::move(queued).error();
  return queued->affected();
}

Status hasten_validation(postgres::Pool& pool, const Integration& integration, Deadline deadline) {
  return status_of(pool.query(
      sql::hasten_validation{.organization_id = integration.organization_id, .integration_id = integration.id},
      deadline, commits::kJobEnd));
}

Status give_up_validation(postgres::Pool& pool, const ClaimedJob& job, const Integration& integration,
                          Deadline deadline) {
  return status_of(pool.transaction({sql::give_up_validation{.organization_id = integration.organization_id,
                                                             .integration_id = integration.id,
                                                             .generation = integration.generation,
                                                             .id = job.id,
                                                             .owner = job.owner}},
                                    deadline));
}

}  // namespace calint::store
