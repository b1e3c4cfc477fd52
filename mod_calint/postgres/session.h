// One PostgreSQL session over libpq: statements with parameters, pipelined into as few round trips as
// possible, each bounded by a deadline.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

struct pg_conn;
struct pg_result;

namespace calint::postgres {

// SQL text that exists in the source: it can't be built at run time (constructor is consteval), so no
// foreign byte gets into a statement.
class Sql {
 public:
  template <size_t N>
  consteval Sql(const char (&text)[N]) : text_(text, N - 1) {}
  std::string_view text() const { return text_; }
  const char* c_str() const { return text_.data(); }

 private:
  std::string_view text_;
};

// One parameter. Text unless bytea.
class Param {
 public:
  Param(std::nullptr_t) : null_(true) {}
  Param(std::string_view text) : value_(text) {}
  Param(const std::string& text) : value_(text) {}
  Param(std::string&& text) : value_(std::move(text)) {}
  Param(const char* text) : value_(text) {}
  Param(int64_t number) : value_(std::to_string(number)) {}
  Param(int number) : value_(std::to_string(number)) {}
  Param(bool flag) : value_(flag ? "t" : "f") {}
  Param(Instant instant);  // RFC 3339 with microseconds, UTC
  template <typename T>
  Param(const std::optional<T>& maybe) : Param(maybe ? Param(*maybe) : Param(nullptr)) {}
  static Param bytea(std::string_view bytes) { Param p(bytes); p.binary_ = true; return p; }
  static Param bytea(const std::string& bytes) { return bytea(std::string_view(bytes)); }
  static Param bytea(const std::optional<std::string>& bytes) { return bytes ? bytea(*bytes) : Param(nullptr); }

  bool is_null() const { return null_; }
  bool is_binary() const { return binary_; }
  const std::string& value() const { return value_; }

 private:
  std::string value_;
  bool null_ = false;
  bool binary_ = false;
};

struct Statement {
  Sql sql;
  std::vector<Param> params;
};

// When a commit is answered: once it is on the server's disk, or before that. Then a crash of the server within moments
// (three times wal_writer_delay) undoes it, unless a durable commit came after it, of whatever session: that one brings
// all before it to the disk as well.
enum class Commit { durable, may_be_lost };

// The rows of one statement. Owns libpq's result; views live as long as it does.
class Rows {
 public:
  explicit Rows(pg_result* result);
  Rows(Rows&&) noexcept = default;
  Rows& operator=(Rows&&) noexcept = default;

  size_t size() const;
  bool empty() const { return size() == 0; }
  // Rows that an INSERT, UPDATE or DELETE touched.
  int64_t affected() const;

  // By column name. Asking for a column that isn't there, or a null where a value is asked for, throws
  // std::logic_error: the SQL and the code disagree.
  bool is_null(size_t row, const char* column) const;
  std::string_view text(size_t row, const char* column) const;
  std::optional<std::string> maybe_text(size_t row, const char* column) const;
  int64_t integer(size_t row, const char* column) const;
  std::optional<int64_t> maybe_integer(size_t row, const char* column) const;
  bool boolean(size_t row, const char* column) const;
  Instant instant(size_t row, const char* column) const;
  std::optional<Instant> maybe_instant(size_t row, const char* column) const;
  std::string bytes(size_t row, const char* column) const;  // bytea
  std::optional<std::string> maybe_bytes(size_t row, const char* column) const;

 private:
  struct Clear { void operator()(pg_result*) const; };
  std::unique_ptr<pg_result, Clear> result_;
};

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
