// One PostgreSQL session over libpq: statements with parameters, pipelined into as few round trips as
// possible, each bounded by a deadline.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "postgres/rows.h"
#include "postgres/statement.h"

struct pg_conn;

namespace calint::postgres {

// When a commit is answered: once it is on the server's disk, or before that. Then a crash of the server within moments
// (three times wal_writer_delay) undoes it, unless a durable commit came after it, of whatever session: that one brings
// all before it to the disk as well.
enum class Commit { durable, may_be_lost };

// Used by one thread at a time. After an unavailable or in_doubt error it is broken and must be closed.
//
// Errors: unavailable (no connection, time-out, server shutting down, read-only standby, statement_timeout;
// SQLSTATE classes 08, 53, 57P, 25006, 57014), conflict (23505, 40001, 40P01, 55P03), operator_fault (28, 3D,
// 42501, 42P01, 42703, 42883, 42804, 42846: privileges or schema; 22P05: a database of another encoding; 26000, 42P05:
// Prepare::on behind a pooler; and what calint_audit refuses), bug (any other SQLSTATE), in_doubt (connection lost or
// timed out after a COMMIT was sent and before its answer).
// Error::code is the SQLSTATE; `what` never holds a parameter's value. nothing_sent means that the statements
// can be run again on another connection.
class Session {
 public:
  // Whether statements are prepared under a name on first use, which saves parsing them again. `automatic`
  // gives it up for the connection's life once the server doesn't know a statement that was prepared before
  // (PgBouncer in transaction mode), and runs the refused statements again, of which nothing took effect.
  enum class Prepare { automatic, on, off };

  // Connects within the deadline (non-blocking, every host of the conninfo tried). `conninfo` may be
  // "exec:/path": its output is the conninfo.
  static Result<std::unique_ptr<Session>> open(const std::string& conninfo, Prepare prepare, Deadline deadline);
  ~Session();

  // One statement in its own transaction. Where its answer is lost, a statement that begins with SELECT is
  // unavailable and any other one in_doubt: a SELECT that writes (through a function) and must not be repeated
  // belongs into transaction().
  Result<Rows> query(Statement statement, Deadline deadline, Commit commit = Commit::durable);

  // BEGIN, all statements, COMMIT, in one round trip: either every one took effect or none. Returns one
  // Rows per statement. The first failure is the error. The server gives a statement up (unavailable, 57014)
  // shortly before the deadline: one that waits for a lock must not go on to the COMMIT, which the server has
  // already, after the caller has turned away. Only statements that are slow together end in doubt.
  Result<std::vector<Rows>> transaction(std::vector<Statement> statements, Deadline deadline,
                                        Commit commit = Commit::durable);

  // Several statements, each in its own transaction, in one round trip. The first failure is the error; the
  // other statements have taken effect. Loss is judged as by query().
  Result<std::vector<Rows>> batch(std::vector<Statement> statements, Deadline deadline);

  // Text with several statements and no parameters (migrations only); simple protocol. A BEGIN in it may stay
  // open for the calls that follow; a failure rolls an open transaction back. in_doubt where the answer is lost.
  Status script(const std::string& text, Deadline deadline);

  bool broken() const;
  // How many statements ran out of time since this was asked last.
  unsigned take_time_outs();
  // The server may still be at work on what nobody waits for any more: cancel() before this is closed.
  bool unanswered() const;
  // Asks the server to give up. Opens a connection of its own and blocks, as libpq 15 does it: nothing that somebody
  // waits for may call it. Whether it helped isn't known.
  void cancel();
  // False where the server has ended the session or a transaction is still open. Sends nothing, doesn't wait.
  bool idle_and_alive();
  pg_conn* raw() { return conn_; }

 private:
  struct Impl;
  Session(pg_conn* conn, Prepare prepare);
  pg_conn* conn_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calint::postgres
