#include "support/pg_listener.h"

#include <libpq-fe.h>

#include "support/fail.h"

namespace calint::test {

PgListener::PgListener(const std::string& conninfo, const std::string& channel) : conn_(PQconnectdb(conninfo.c_str())) {
  PGresult* listening = PQexec(conn_, ("LISTEN " + channel).c_str());
  require(PQresultStatus(listening) == PGRES_COMMAND_OK, "a PostgreSQL session that listens");
  PQclear(listening);
}

PgListener::~PgListener() { PQfinish(conn_); }

int PgListener::heard() {
  PQclear(PQexec(conn_, "SELECT 1"));  // takes in what was sent
  for (PGnotify* one = PQnotifies(conn_); one != nullptr; one = PQnotifies(conn_)) {
    payload_ = one->extra;
    PQfreemem(one);
    ++heard_;
  }
  return heard_;
}

}  // namespace calint::test
