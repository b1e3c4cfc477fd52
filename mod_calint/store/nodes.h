// The nodes that share the database.
#pragma once

#include <string>
#include <vector>

#include "postgres/pool.h"

namespace calint::store {

// operator_fault, with what to run, for a schema that this build doesn't work with. Asked on each new connection.
Status check_schema(postgres::Session& connection, Deadline deadline);

// What a node does then: it notes which keys it has, the one that it seals with first, so that a key is promoted only
// when every node can open with it, and retired only when none seals with it.
Status announce_node(postgres::Session& connection, const std::string& node_id, const std::vector<std::string>& key_ids,
                     Deadline deadline);

// The node is still there, also where its connections are old.
Status see_node(postgres::Pool& pool, const std::string& node_id, Deadline deadline);

// Nodes that were seen in the last day and don't have the key.
Result<std::vector<std::string>> nodes_without_key(postgres::Session& connection, const std::string& key_id, Deadline deadline);

// Nodes that were seen in the last day and seal with the key.
Result<std::vector<std::string>> nodes_sealing_with(postgres::Session& connection, const std::string& key_id, Deadline deadline);

}  // namespace calint::store
