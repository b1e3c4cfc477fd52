#include "store/claims.h"

namespace calint::store {

bool go_on(RoundRobin& round, const postgres::Rows& rows) {
  round.after = rows.text(0, "ended_at");
  return rows.boolean(0, "may_be_more");
}

ClaimedJob claimed_job(const postgres::Rows& rows, size_t row, const std::string& owner, Deadline lease_ends) {
  return {.organization_id = std::string(rows.text(row, "job_organization")),
          .id = rows.integer(row, "job"),
          .integration_id = rows.maybe_integer(row, "job_integration").value_or(0),
          .subject = std::string(rows.text(row, "job_subject")),
          .attempts = static_cast<int>(rows.integer(row, "job_attempts")),
          .due_at = rows.instant(row, "job_due_at"),
          .owner = owner,
          .lease_ends = lease_ends};
}

}  // namespace calint::store
