#include "store/nodes.h"

#include <fmt/format.h>

#include "schema/migrate.h"

namespace calint::store {

Status check_schema(postgres::Session& connection, Deadline deadline) {
  auto version = schema::schema_version(connection, deadline);
  if (!version) return std::move(version).error();
  if (*version < schema::kSchemaOldest || *version > schema::kSchemaNewest)
    return Error{.fault = Fault::operator_fault,
                 .what = fmt::format("the database's schema is version {}, this build works with {} to {}: run calintctl "
                                     "migrate, or install the matching version",
                                     *version, schema::kSchemaOldest, schema::kSchemaNewest),
                 .code = "schema"};
  return {};
}

Status announce_node(postgres::Session& connection, const std::string& node_id, const std::vector<std::string>& key_ids,
                     Deadline deadline) {
  std::string ids;
  for (const std::string& id : key_ids) ids += (ids.empty() ? "" : ",") + id;
  auto rows = connection.query(
      {"INSERT INTO calendar_nodes AS n (organization_id, node_id, key_ids, version)"
       " VALUES ('', $1, string_to_array($2, ','), $3) ON CONFLICT (organization_id, node_id) DO UPDATE"
       " SET key_ids = excluded.key_ids, version = excluded.version, seen_at = now()",
       {node_id, ids, CALINT_VERSION}},
      deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

Status see_node(postgres::Pool& pool, const std::string& node_id, Deadline deadline) {
  auto rows = pool.query({"UPDATE calendar_nodes SET seen_at = now() WHERE organization_id = '' AND node_id = $1",
                          {node_id}},
                         deadline);
  return rows ? Status() : Status(std::move(rows).error());
}

Result<std::vector<std::string>> nodes_without_key(postgres::Session& connection, const std::string& key_id,
                                                   Deadline deadline) {
  auto rows = connection.query({"SELECT node_id FROM calendar_nodes WHERE organization_id = ''"
                                " AND seen_at > now() - interval '1 day' AND NOT key_ids @> ARRAY[$1] ORDER BY node_id",
                                {key_id}},
                               deadline);
  if (!rows) return std::move(rows).error();
  std::vector<std::string> nodes;
  for (size_t row = 0; row < rows->size(); ++row) nodes.emplace_back(rows->text(row, "node_id"));
  return nodes;
}

}  // namespace calint::store
