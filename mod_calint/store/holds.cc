#include "store/holds.h"

#include <memory>

#include "store/columns.h"
#include "store/sql/holds.h"

namespace calint::store {
namespace {

Hold hold_from(const postgres::Rows& rows, size_t row) {
  return {.id = std::string(rows.text(row, "id")),
          .ref = std::string(rows.text(row, "ref")),
          .user_ids = texts_from(rows.text(row, "user_ids")),
          .start = rows.instant(row, "starts_at"),
          .end = rows.instant(row, "ends_at"),
          .expires_at = rows.instant(row, "expires_at"),
          .created_at = rows.instant(row, "created_at")};
}

std::optional<Hold> one_of(const postgres::Rows& rows) {
  return rows.empty() ? std::nullopt : std::optional(hold_from(rows, 0));
}

}  // namespace

Result<MadeHold> make_hold(postgres::Pool& pool, const WantedHold& wanted, Deadline deadline) {
  auto results = pool.transaction(
      {sql::lock_people{.organization_id = wanted.organization_id, .user_ids = wanted.user_ids},
       sql::make_hold{.user_ids = wanted.user_ids,
                      .start = wanted.start,
                      .until = wanted.end,
                      .organization_id = wanted.organization_id,
                      .ref = wanted.ref,
                      .hold_id = nullptr,
                      .event_id = nullptr,
                      .most = kMostHolds,
                      .id = wanted.id,
                      .expires_at = wanted.expires_at,
                      .allow_conflict = wanted.allow_conflict}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& rows = results->back();
  MadeHold made{.full_up = texts_from(rows.maybe_text(0, "full_up").value_or("[]")),
                .conflicts = rows.maybe_text(0, "conflicts").value_or("")};
  if (rows.is_null(0, "id")) return made;
  made.hold = hold_from(rows, 0);
  made.is_new = rows.boolean(0, "is_new");
  return made;
}

Result<std::optional<Hold>> find_hold(postgres::Pool& pool, const std::string& organization, const std::string& id,
                                      Deadline deadline) {
  auto rows = pool.query(sql::find_hold{.organization_id = organization, .id = id}, deadline);
  if (!rows) return std::move(rows).error();
  return one_of(*rows);
}

Result<std::optional<Hold>> put_hold_off(postgres::Pool& pool, const std::string& organization, const Hold& hold,
                                         Instant expires_at, Deadline deadline) {
  auto results = pool.transaction(
      {sql::lock_people{.organization_id = organization, .user_ids = hold.user_ids},
       sql::put_hold_off{.expires_at = expires_at, .organization_id = organization, .id = hold.id}},
      deadline);
  if (!results) return std::move(results).error();
  return one_of(results->back());
}

Result<bool> release_hold(postgres::Pool& pool, const std::string& organization, const std::string& id,
                          Deadline deadline) {
  auto rows = pool.query(sql::release_hold{.organization_id = organization, .id = id}, deadline);
  if (!rows) return std::move(rows).error();
  return !rows->empty();
}

Result<std::vector<Hold>> list_holds(postgres::Pool& pool, const std::string& organization, const HoldFilter& filter,
                                     Deadline deadline) {
  auto rows = filter.user_id ? pool.query(sql::list_holds_of_user{.organization_id = organization,
                                                                  .user_id = *filter.user_id,
                                                                  .ref = filter.ref,
                                                                  .after_start = filter.after_start,
                                                                  .after_id = filter.after_id,
                                                                  .most = filter.most},
                                          deadline)
                             : pool.query(sql::list_holds{.organization_id = organization,
                                                          .ref = filter.ref,
                                                          .after_start = filter.after_start,
                                                          .after_id = filter.after_id,
                                                          .most = filter.most},
                                          deadline);
  if (!rows) return std::move(rows).error();
  std::vector<Hold> holds;
  for (size_t row = 0; row < rows->size(); ++row) holds.push_back(hold_from(*rows, row));
  return holds;
}

}  // namespace calint::store
