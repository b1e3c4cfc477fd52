// A connection as the tests of this room open it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/connection.h"
#include "support/check.h"

namespace calint::test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(30)); }

// Fails the test where the database can't be reached.
inline std::unique_ptr<store::Connection> open(const std::string& conninfo) {
  auto connection = store::Connection::open(conninfo, store::Connection::Prepare::automatic, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

}  // namespace calint::test
