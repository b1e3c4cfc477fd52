#include "store/reads.h"

#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "store/calendar_trouble.h"
#include "store/sql/integrations.h"
#include "store/sql/jobs.h"
#include "store/sql/reads.h"

namespace calint::store {
namespace {

using postgres::or_null;

// Of what is put aside: a crash of the server takes it in any case.
constexpr postgres::Commit kPutAside = postgres::Commit::may_be_lost;

sql::forget_read forgetting(const Reading& reading) {
  return {.organization_id = reading.job.organization_id, .sync = reading.sync.id};
}

std::string items_json(const std::vector<ReadItem>& items) {
  JsonArray array;
  for (const ReadItem& item : items) {
    JsonObject one;
    one.add("series", item.series).add("event", item.event).add("item", item.text);
    if (item.is_removal) one.add("removal", true);
    if (!item.version.empty()) one.add("version", item.version);
    array.add(one);
  }
  return array.text();
}

std::string names_json(const std::vector<ReadName>& names) {
  JsonArray array;
  for (const ReadName& name : names) {
    JsonObject one;
    one.add("series", name.series).add("event", name.series).add("item", name.text).add("named", true);
    if (!name.version.empty()) one.add("version", name.version);
    array.add(one);
  }
  return array.text();
}

sql::add_items adding(const Reading& reading, std::string items) {
  return {.lease = reading.lease,
          .organization_id = reading.job.organization_id,
          .job = reading.job.id,
          .reader = reading.job.owner,
          .sync = reading.sync.id,
          .items = std::move(items)};
}

JsonObject series_json(const ReadSeries& series) {
  JsonObject one;
  one.add("key", series.key);
  if (series.owed) one.add("owed", *series.owed);
  one.add_filled("version", series.version);
  if (series.owed && !series.body) return one;
  if (series.body) one.add("body", *series.body);
  if (!series.event_keys.empty()) {
    JsonArray keys;
    for (const std::string& key : series.event_keys) keys.add(key);
    one.add("events", keys);
  }
  if (series.unknown_from) one.add("unknown_from", rfc3339_text(*series.unknown_from));
  return one;
}

}  // namespace

Status begin_read(postgres::Pool& pool, const Reading& reading, Deadline deadline) {
  return status_of(pool.query(sql::begin_read{.lease = reading.lease,
                                              .organization_id = reading.job.organization_id,
                                              .job = reading.job.id,
                                              .reader = reading.job.owner,
                                              .sync = reading.sync.id},
                              deadline, kPutAside));
}

Status add_items(postgres::Pool& pool, const Reading& reading, const std::vector<ReadItem>& items, Deadline deadline) {
  return status_of(pool.transaction({adding(reading, items_json(items))}, deadline, kPutAside));
}

Status add_names(postgres::Pool& pool, const Reading& reading, const std::vector<ReadName>& names, Deadline deadline) {
  return status_of(pool.transaction({adding(reading, names_json(names))}, deadline, kPutAside));
}

Status add_owed(postgres::Pool& pool, const Reading& reading, Deadline deadline) {
  return status_of(pool.query(sql::add_owed{.lease = reading.lease,
                                            .organization_id = reading.job.organization_id,
                                            .job = reading.job.id,
                                            .reader = reading.job.owner,
                                            .sync = reading.sync.id},
                              deadline, kPutAside));
}

Result<std::vector<ReadName>> next_named(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                         int most, bool known_stay, Deadline deadline) {
  auto rows = pool.query(sql::next_named{.organization_id = reading.job.organization_id,
                                         .sync = reading.sync.id,
                                         .reader = reading.job.owner,
                                         .after = after,
                                         .known_stay = known_stay,
                                         .most = most},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ReadName> names;
  for (size_t row = 0; row < rows->size(); ++row)
    names.push_back({.series = std::string(rows->text(row, "series_key")),
                     .text = std::string(rows->text(row, "item")),
                     .version = rows->maybe_text(row, "version").value_or("")});
  return names;
}

Status keep_known(postgres::Pool& pool, const Reading& reading, Deadline deadline) {
  return status_of(pool.transaction({sql::avoid_loops{},
                                     sql::keep_known{.lease = reading.lease,
                                                     .organization_id = reading.job.organization_id,
                                                     .job = reading.job.id,
                                                     .reader = reading.job.owner,
                                                     .sync = reading.sync.id}},
                                    deadline, kPutAside));
}

Status place_removals(postgres::Pool& pool, const Reading& reading, Deadline deadline) {
  return status_of(pool.query(sql::place_removals{.lease = reading.lease,
                                                  .organization_id = reading.job.organization_id,
                                                  .job = reading.job.id,
                                                  .reader = reading.job.owner,
                                                  .sync = reading.sync.id},
                              deadline, kPutAside));
}

Result<std::vector<ReadGroup>> next_items(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                          int most, Deadline deadline) {
  auto rows = pool.query(sql::next_items{.after = after,
                                         .organization_id = reading.job.organization_id,
                                         .sync = reading.sync.id,
                                         .reader = reading.job.owner,
                                         .most = most},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<ReadGroup> groups;
  for (size_t row = 0; row < rows->size(); ++row) {
    const std::string_view key = rows->text(row, "series_key");
    if (groups.empty() || groups.back().series != key)
      groups.push_back({.series = std::string(key), .items = {}, .stored = rows->maybe_text(row, "body")});
    groups.back().items.emplace_back(rows->text(row, "item"));
    groups.back().version = rows->maybe_text(row, "version").value_or("");
  }
  return groups;
}

Result<std::vector<StoredSeries>> next_series(postgres::Pool& pool, const Reading& reading, const std::string& after,
                                              int most, Deadline deadline) {
  auto rows = pool.query(sql::next_series{.organization_id = reading.job.organization_id,
                                          .sync = reading.sync.id,
                                          .after = after,
                                          .most = most},
                         deadline);
  if (!rows) return std::move(rows).error();
  std::vector<StoredSeries> series;
  for (size_t row = 0; row < rows->size(); ++row)
    series.push_back({.key = std::string(rows->text(row, "series_key")),
                      .body = std::string(rows->text(row, "body")),
                      .version = rows->maybe_text(row, "version").value_or(""),
                      .owed = rows->maybe_text(row, "owed")});
  return series;
}

Status add_series(postgres::Pool& pool, const Reading& reading, const std::vector<ReadSeries>& series,
                  Deadline deadline) {
  JsonArray all, intervals;
  for (const ReadSeries& one : series) {
    all.add(series_json(one));
    for (const ReadInterval& interval : one.intervals)
      intervals.add(JsonObject()
                        .add("key", one.key)
                        .add_filled("uid", one.uid)
                        .add("kind", interval.kind)
                        .add("starts", interval.start.time_since_epoch().count())
                        .add("ends", interval.end.time_since_epoch().count()));
  }
  return status_of(pool.transaction({sql::add_series{.lease = reading.lease,
                                                     .organization_id = reading.job.organization_id,
                                                     .job = reading.job.id,
                                                     .reader = reading.job.owner,
                                                     .sync = reading.sync.id,
                                                     .series = all.text(),
                                                     .intervals = intervals.text()}},
                                    deadline, kPutAside));
}

Result<Applied> apply_read(postgres::Pool& pool, const Reading& reading, const Integration& integration,
                           const ReadEnd& end, Deadline deadline) {
  const std::string& organization = reading.job.organization_id;
  auto results = pool.transaction(
      {sql::lock_integration{.organization_id = organization,
                             .id = integration.id,
                             .generation = integration.generation},
       sql::lock_sync{.organization_id = organization,
                      .sync = reading.sync.id,
                      .job = reading.job.id,
                      .reader = reading.job.owner},
       sql::avoid_loops{},
       sql::apply_read{.organization_id = organization,
                       .sync = reading.sync.id,
                       .reader = reading.job.owner,
                       .is_full = end.is_full,
                       .known_from = end.known_from,
                       .user_id = integration.user_id,
                       .integration_id = integration.id,
                       .tells_from = end.tells_from,
                       .tells_until = end.tells_until},
       sql::note_read{.organization_id = organization,
                      .sync = reading.sync.id,
                      .is_read = end.is_read,
                      .incomplete = std::string(to_string(CalendarTrouble::incomplete)),
                      .is_full = end.is_full,
                      .cursor = or_null(end.cursor),
                      .known_from = end.known_from,
                      .known_until = end.known_until,
                      .evaluator = end.evaluator,
                      .zone = end.zone},
       sql::look_at_interviews{.sync = reading.sync.id,
                               .reader = reading.job.owner,
                               .organization_id = organization,
                               .integration_id = integration.id,
                               .is_full = end.is_full,
                               .calendar_id = reading.sync.calendar_id},
       forgetting(reading),
       sql::finish_job{.claimed_due_at = reading.job.due_at,
                       .due_at = end.due_at,
                       .organization_id = organization,
                       .id = reading.job.id,
                       .owner = reading.job.owner}},
      deadline);
  if (!results) return std::move(results).error();
  const postgres::Rows& applied = (*results)[3];
  return Applied{.removed = applied.integer(0, "removed"), .added = applied.integer(0, "added")};
}

}  // namespace calint::store
