#include "schema/relation.h"

#include <algorithm>
#include <array>

#include "schema/sql/catalogue.h"

namespace calint::schema {
namespace {

// By pg_type.typname.
Kind kind_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, Kind>, 16> kKinds = {{
      {"text", Kind::text}, {"varchar", Kind::text}, {"bpchar", Kind::text}, {"citext", Kind::text},
      {"int2", Kind::number}, {"int4", Kind::number}, {"int8", Kind::number}, {"numeric", Kind::number},
      {"uuid", Kind::uuid}, {"bool", Kind::boolean}, {"json", Kind::json}, {"jsonb", Kind::json},
      {"inet", Kind::inet}, {"timestamptz", Kind::instant}, {"timestamp", Kind::instant}, {"date", Kind::instant},
  }};
  const auto found = std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& one) { return one.first == type; });
  return found == kKinds.end() ? Kind::other : found->second;
}

}  // namespace

const Column* Relation::column(std::string_view wanted) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.name == wanted; });
  return found == columns.end() ? nullptr : &*found;
}

Result<std::optional<Relation>> find_relation(postgres::Session& connection, std::string_view name, Deadline deadline) {
  Result<postgres::Rows> rows = connection.query(sql::find_relation{.name = name}, deadline);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Relation>();
  Relation relation{.name = std::string(rows->text(0, "relation"))};
  for (size_t row = 0; row < rows->size(); ++row) {
    relation.columns.push_back({.name = std::string(rows->text(row, "name")),
                                .type = std::string(rows->text(row, "type")),
                                .kind = kind_of(rows->text(row, "kind")),
                                .must_be_given = rows->boolean(row, "must_be_given")});
  }
  return std::optional<Relation>(std::move(relation));
}

}  // namespace calint::schema
