#include "store/integrations.h"

#include "store/calendars.h"
#include "store/columns.h"
#include "store/commits.h"
#include "store/sql/calendars.h"
#include "store/sql/integrations.h"
#include "store/statements.h"

namespace calint::store {
namespace {

using postgres::or_null;

Result<std::optional<Integration>> one_integration(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  if (rows->empty()) return std::optional<Integration>();
  auto integration = integration_from(*rows, 0);
  if (!integration) return std::move(integration).error();
  return std::optional<Integration>(std::move(*integration));
}

}  // namespace

Result<std::optional<Integration>> find_integration(postgres::Pool& pool, const std::string& organization, int64_t id,
                                                    Deadline deadline) {
  return one_integration(pool.query(sql::find_integration{.organization_id = organization, .id = id}, deadline));
}

Result<std::optional<Integration>> find_active(postgres::Pool& pool, const std::string& organization,
                                               const std::string& user_id, Deadline deadline) {
  return one_integration(pool.query(sql::find_active{.organization_id = organization, .user_id = user_id}, deadline));
}

Status store_validated(postgres::Pool& pool, const Validated& validated, const Actor& actor, Deadline deadline) {
  std::optional<std::string> outcome;
  if (validated.outcome) outcome = to_string(*validated.outcome);
  std::optional<std::string> reason;
  if (validated.is_cut) reason = to_string(Reason::list_cut);
  return status_of(pool.transaction({sql::note_validation{.organization_id = validated.organization_id,
                                                      .id = validated.integration_id,
                                                      .generation = validated.generation,
                                                      .reason = reason,
                                                      .calendar_id = or_null(validated.calendar_id),
                                                      .memory = or_null(validated.memory),
                                                      .outcome = outcome,
                                                      .flow_id = validated.flow_id,
                                                      .audit = validated.audit,
                                                      .actor_id = or_null(actor.user_id),
                                                      .ip_address = or_null(actor.ip_address),
                                                      .user_agent = or_null(actor.user_agent)},
                                sql::store_calendars{.calendars = calendars_json(validated.calendars),
                                                      .organization_id = validated.organization_id,
                                                      .integration_id = validated.integration_id,
                                                      .is_cut = validated.is_cut},
                                sql::untick_gone{.organization_id = validated.organization_id,
                                                 .integration_id = validated.integration_id,
                                                 .patience = kGonePatience,
                                                 .is_cut = validated.is_cut}},
                               deadline, commits::kValidation));
}

Status store_failure(postgres::Pool& pool, const Integration& integration, const Failure& failure, const Actor& actor,
                     Deadline deadline) {
  std::vector<postgres::Statement> statements = {sql::note_failure{.organization_id = integration.organization_id,
                                                                    .id = integration.id,
                                                                    .generation = integration.generation,
                                                                    .seal_id = integration.seal_id,
                                                                    .status = to_string(failure.status),
                                                                    .reason = to_string(failure.reason),
                                                                    .since_now = failure.since_now,
                                                                    .retry_in = failure.retry_in,
                                                                    .actor_id = or_null(actor.user_id),
                                                                    .ip_address = or_null(actor.ip_address),
                                                                    .user_agent = or_null(actor.user_agent)}};
  if (failure.put_off) statements.push_back(putting_off(failure.put_off->job, failure.put_off->again));
  return status_of(pool.transaction(std::move(statements), deadline));
}

}  // namespace calint::store
