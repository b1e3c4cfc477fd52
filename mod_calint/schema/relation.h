// A table or view as the catalogue describes it. Private to the room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/session.h"

namespace calint::schema {

enum class Kind { text, number, uuid, boolean, json, inet, instant, other };

struct Column {
  std::string name;
  std::string type;            // as in a cast: "character varying(255)"
  Kind kind = Kind::other;
  bool must_be_given = false;  // NOT NULL without a default
};

struct Relation {
  std::string name;  // with its schema, quoted where needed
  std::vector<Column> columns;

  const Column* column(std::string_view wanted) const;  // null where there is none
  bool has(std::string_view wanted) const { return column(wanted) != nullptr; }
};

// What `name` stands for on the search path, or nothing.
Result<std::optional<Relation>> find_relation(postgres::Session& connection, std::string_view name, Deadline deadline);

}  // namespace calint::schema
