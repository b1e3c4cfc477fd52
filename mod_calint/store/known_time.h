// What is known of people's time, for whoever asks when they are free.
#pragma once

#include <string>
#include <vector>

#include "availability/known.h"
#include "postgres/pool.h"
#include "store/organization_rules.h"

namespace calint::store {

struct KnownTime {
  // In the order asked; who is no active user of the organisation is left out.
  std::vector<availability::PersonRead> people;
  OrganizationSettings settings;
};

// One statement, and so one moment: a tick that goes takes its busy time and its row with it. Busy time that touches
// `range`, and holds that touch `ours`, where that is set. corrupt where what is stored isn't as it is written.
Result<KnownTime> read_known_time(postgres::Pool& pool, const std::string& organization,
                                  const std::vector<std::string>& user_ids, const availability::Span& range,
                                  const std::optional<availability::Span>& ours, Deadline deadline);

}  // namespace calint::store
