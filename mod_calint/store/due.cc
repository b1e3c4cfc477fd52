#include "store/due.h"

#include <algorithm>

#include "store/columns.h"
#include "store/sql/breakers.h"
#include "store/sql/jobs.h"

namespace calint::store {
namespace {

Due due_from(Due due, const postgres::Rows& rows) {
  for (size_t row = 0; row < rows.size(); ++row) {
    const std::string name(rows.text(row, "kind"));
    const auto lane = rows.maybe_text(row, "lane");
    if (!lane) {
      due.chores.insert(name);
      continue;
    }
    due.next = std::min(due.next, std::chrono::milliseconds(rows.integer(row, "next")));
    if (rows.boolean(row, "is_due")) due.jobs.emplace(name, *lane);
  }
  return due;
}

}  // namespace

Result<Due> what_is_due(postgres::Pool& pool, const std::vector<std::string>& kinds,
                        const std::vector<std::string>& lanes, const KindsInLanes& held, Deadline deadline) {
  std::vector<std::string> held_kinds, held_lanes;
  for (const auto& [kind, lane] : held) {
    held_kinds.push_back(kind);
    held_lanes.push_back(lane);
  }
  const postgres::Statement asked =
      sql::what_is_due{.kinds = kinds, .lanes = lanes, .held_kinds = held_kinds, .held_lanes = held_lanes};
  Due due{.next = std::chrono::hours(1)};
  auto both = pool.transaction({asked, sql::list_breakers{}}, deadline);
  if (both) {
    due.breakers = breakers_from((*both)[1]);
    return due_from(std::move(due), both->front());
  }
  if (both.error().detail != Detail::no_such_table) return std::move(both).error();
  // The schema before has no breakers.
  auto rows = pool.query(asked, deadline);
  if (!rows) return std::move(rows).error();
  return due_from(std::move(due), *rows);
}

Result<std::vector<Lane>> client_lanes(postgres::Pool& pool,
                                       const std::vector<std::pair<ProviderId, std::string>>& clients,
                                       Deadline deadline) {
  std::vector<std::string> providers, ids;
  for (const auto& [provider, id] : clients) {
    providers.emplace_back(to_string(provider));
    ids.push_back(id);
  }
  auto rows = pool.query(sql::client_lanes{.providers = providers, .client_ids = ids}, deadline);
  if (!rows) return std::move(rows).error();
  std::vector<Lane> lanes;
  for (size_t row = 0; row < rows->size(); ++row)
    if (const auto provider = parse_provider(rows->text(row, "provider")))
      lanes.push_back({*provider, std::string(rows->text(row, "lane"))});
  return lanes;
}

Result<std::vector<LaneWithWork>> lanes_with_work(postgres::Pool& pool, const std::vector<std::string>& kinds,
                                                  Deadline deadline) {
  auto rows = pool.query(sql::lanes_with_work{.kinds = kinds}, deadline);
  if (!rows) return std::move(rows).error();
  std::vector<LaneWithWork> lanes;
  for (size_t row = 0; row < rows->size(); ++row)
    lanes.push_back({std::string(rows->text(row, "lane")), rows->maybe_text(row, "client_id")});
  return lanes;
}

}  // namespace calint::store
