// The nodes that share the database.
#pragma once

#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

// The schema's version; operator_fault, with what to run, for one that this build doesn't work with. Asked on each new
// connection.
Result<int> check_schema(postgres::Session& connection, Deadline deadline);

struct Node {
  std::string id;
  std::vector<std::string> key_ids;  // the one that it seals with first
  unsigned connections = 0;          // to this database that it takes at most
};
// What a node does then. A key is promoted only when every node can open with it, and retired only when none seals with
// it; whoever plans max_connections sees what all nodes may take together.
Status announce_node(postgres::Session& connection, const Node& node, int schema_version, Deadline deadline);

// The node is still there, also where its connections are old.
Status see_node(postgres::Pool& pool, const std::string& node_id, Deadline deadline);

// Nodes that were seen in the last day and don't have the key.
Result<std::vector<std::string>> nodes_without_key(postgres::Session& connection, const std::string& key_id,
                                                   Deadline deadline);

// Nodes that were seen in the last day and seal with the key.
Result<std::vector<std::string>> nodes_sealing_with(postgres::Session& connection, const std::string& key_id,
                                                    Deadline deadline);

}  // namespace calint::store
