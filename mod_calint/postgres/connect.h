// Opens a libpq connection within a deadline.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/result.h"

struct pg_conn;

namespace calint::postgres {

struct Finish {
  void operator()(pg_conn* conn) const;
};
using ConnHandle = std::unique_ptr<pg_conn, Finish>;

// A non-blocking connection in pipeline mode. Each host that `conninfo` lists is tried with an equal share of
// the time that is left. libpq resolves host names itself and blocks meanwhile; addresses avoid that.
// operator_fault for a string that can't be read, a refused role, password or database, or a DateStyle other
// than ISO; unavailable otherwise. nothing_sent is true in every error: no statement has left.
Result<ConnHandle> connect(const std::string& conninfo, Deadline deadline);

}  // namespace calint::postgres
