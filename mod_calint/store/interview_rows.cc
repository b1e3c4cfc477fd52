#include "store/interview_rows.h"

#include "store/columns.h"
#include "store/interview_json.h"

namespace calint::store {
namespace {

std::string or_empty(const postgres::Rows& rows, size_t row, const char* column) {
  return rows.maybe_text(row, column).value_or("");
}

}  // namespace

Result<Interview> interview_from(const postgres::Rows& rows, size_t row) {
  const auto provider = parse_provider(rows.text(row, "event_provider"));
  const auto status = parse_word(kInterviewStatuses, rows.text(row, "event_status"));
  if (!provider || !status)
    return Error{.fault = Fault::corrupt, .what = "an interview's row has a provider or status that doesn't exist"};
  Interview interview{.organization_id = std::string(rows.text(row, "event_organization")),
                      .id = std::string(rows.text(row, "event_id")),
                      .user_id = std::string(rows.text(row, "organiser")),
                      .interview_ref = std::string(rows.text(row, "interview_ref")),
                      .body = body_from(rows.text(row, "body")),
                      .start = rows.instant(row, "starts_at"),
                      .end = rows.instant(row, "ends_at"),
                      .status = *status,
                      .version = rows.integer(row, "version"),
                      .guests = guests_from(rows.text(row, "guests")),
                      .unsent = texts_from(rows.text(row, "unsent")),
                      .integration_id = rows.integer(row, "event_integration"),
                      .is_connected = rows.boolean(row, "is_connected"),
                      .is_watched = rows.boolean(row, "is_watched"),
                      .provider = *provider,
                      .calendar_id = std::string(rows.text(row, "event_calendar")),
                      .provider_event_id = or_empty(rows, row, "provider_event_id"),
                      .uid = or_empty(rows, row, "uid"),
                      .html_link = or_empty(rows, row, "html_link"),
                      .room = parse_word(kRooms, or_empty(rows, row, "room")).value_or(provider::Room::none),
                      .room_url = or_empty(rows, row, "room_url"),
                      .answers = answers_from(rows.text(row, "answers")),
                      .changed_in_calendar = parse_word(kChangedInCalendar, or_empty(rows, row, "changed_in_calendar")),
                      .created_at = rows.instant(row, "event_created_at"),
                      .updated_at = rows.instant(row, "event_updated_at")};
  if (const auto type = rows.maybe_text(row, "problem"))
    interview.problem = Problem{*type, or_empty(rows, row, "problem_detail"), rows.instant(row, "problem_since")};
  return interview;
}

Result<std::vector<Interview>> interviews_from(const Result<postgres::Rows>& rows) {
  if (!rows) return rows.error();
  std::vector<Interview> interviews;
  for (size_t row = 0; row < rows->size(); ++row) {
    auto one = interview_from(*rows, row);
    if (!one) return std::move(one).error();
    interviews.push_back(std::move(*one));
  }
  return interviews;
}

Result<InterviewJob> interview_job_from(const postgres::Rows& rows, size_t row, ClaimedJob job) {
  InterviewJob one{.job = std::move(job)};
  if (!rows.is_null(row, "id")) {
    auto integration = integration_from(rows, row);
    if (!integration) return std::move(integration).error();
    one.integration = std::move(*integration);
  }
  if (!rows.is_null(row, "event_id")) {
    auto interview = interview_from(rows, row);
    if (!interview) return std::move(interview).error();
    one.interview = std::move(*interview);
  }
  return one;
}

}  // namespace calint::store
