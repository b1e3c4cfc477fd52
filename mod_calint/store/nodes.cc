#include "store/nodes.h"

#include <fmt/format.h>

#include "schema/migrate.h"
#include "store/commits.h"
#include "store/sql/nodes.h"

namespace calint::store {
namespace {

// The schema since which calendar_nodes has database_connections.
constexpr int kHasConnections = 10;

Result<std::vector<std::string>> node_ids(Result<postgres::Rows> rows) {
  if (!rows) return std::move(rows).error();
  std::vector<std::string> nodes;
  for (size_t row = 0; row < rows->size(); ++row) nodes.emplace_back(rows->text(row, "node_id"));
  return nodes;
}

}  // namespace

Result<int> check_schema(postgres::Session& connection, Deadline deadline) {
  auto version = schema::schema_version(connection, deadline);
  if (!version) return std::move(version).error();
  if (*version < schema::kSchemaOldest || *version > schema::kSchemaNewest)
    return Error{
        .fault = Fault::operator_fault,
        .what = fmt::format("the database's schema is version {}, this build works with {} to {}: run calintctl "
                            "migrate, or install the matching version",
                            *version, schema::kSchemaOldest, schema::kSchemaNewest),
        .code = "schema"};
  return *version;
}

Status announce_node(postgres::Session& connection, const Node& node, int schema_version, Deadline deadline) {
  if (schema_version < kHasConnections)
    return status_of(connection.query(
        sql::announce_node_before{.node_id = node.id, .key_ids = node.key_ids, .version = CALINT_VERSION}, deadline));
  return status_of(connection.query(sql::announce_node{.node_id = node.id,
                                                       .key_ids = node.key_ids,
                                                       .version = CALINT_VERSION,
                                                       .connections = node.connections},
                                    deadline));
}

Status see_node(postgres::Pool& pool, const std::string& node_id, Deadline deadline) {
  return status_of(pool.query(sql::see_node{.node_id = node_id}, deadline, commits::kRoutine));
}

Result<std::vector<std::string>> nodes_without_key(postgres::Session& connection, const std::string& key_id,
                                                   Deadline deadline) {
  return node_ids(connection.query(sql::nodes_without_key{.key_id = key_id}, deadline));
}

Result<std::vector<std::string>> nodes_sealing_with(postgres::Session& connection, const std::string& key_id,
                                                    Deadline deadline) {
  return node_ids(connection.query(sql::nodes_sealing_with{.key_id = key_id}, deadline));
}

}  // namespace calint::store
