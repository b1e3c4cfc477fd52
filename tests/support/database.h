// A connection as the tests of several rooms open it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "postgres/session.h"
#include "support/check.h"

namespace calint::test {

inline Deadline soon() { return Deadline::in(std::chrono::seconds(30)); }

// Fails the test where the database can't be reached.
inline std::unique_ptr<postgres::Session> open(const std::string& conninfo) {
  auto connection = postgres::Session::open(conninfo, postgres::Session::Prepare::automatic, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

}  // namespace calint::test
