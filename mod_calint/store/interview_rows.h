// How rows become interviews. Private to the room.
#pragma once

#include <vector>

#include "postgres/pool.h"
#include "store/interview.h"

namespace calint::store {

// Of sql/fragments/event_columns.sql; corrupt where it has a provider or status that doesn't exist.
Result<Interview> interview_from(const postgres::Rows& rows, size_t row);
Result<std::vector<Interview>> interviews_from(const Result<postgres::Rows>& rows);

// With its job, and its integration by sql/fragments/integration_columns.sql, as far as they are there.
Result<InterviewJob> interview_job_from(const postgres::Rows& rows, size_t row, ClaimedJob job);

}  // namespace calint::store
