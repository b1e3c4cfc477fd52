// An organisation's rules for slots.
#pragma once

#include <string>

#include "availability/slot_request.h"
#include "postgres/pool.h"
#include "store/records.h"

namespace calint::store {

// What an organisation has set; what it hasn't is unset.
struct OrganizationSettings {
  std::optional<availability::WeekHours> working_hours;
  std::optional<availability::DateHours> dates;
  std::optional<std::chrono::minutes> buffer_before;
  std::optional<std::chrono::minutes> buffer_after;
  std::optional<availability::Rule> tentative;
  std::optional<availability::Rule> unanswered;
  std::optional<availability::Rule> unknown;
};

// Of a row with the columns of calendar_organization_settings. corrupt where they aren't as they are written.
Result<OrganizationSettings> settings_from(const postgres::Rows& rows);

// As a JSON object: working_hours, dates, buffer_before, buffer_after, tentative, unanswered, unknown; null for what
// isn't set.
Result<std::string> organization_rules(postgres::Pool& pool, const std::string& organization, Deadline deadline);

// `change` is a JSON object of such members that find_problems() found nothing wrong with; the others stay. Audited.
Status change_organization_rules(postgres::Pool& pool, const std::string& organization, const std::string& change,
                                 const Actor& actor, Deadline deadline);

}  // namespace calint::store
