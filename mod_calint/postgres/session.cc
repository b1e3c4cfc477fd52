#include "postgres/session.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "base/program.h"
#include "postgres/connect.h"
#include "postgres/pipeline.h"
#include "postgres/socket_wait.h"
#include "postgres/sql_error.h"

namespace calint::postgres {
namespace {

constexpr std::string_view kExec = "exec:";
// What a rollback may take after its transaction has used up the caller's time.
constexpr std::chrono::milliseconds kRollbackTime{250};

bool reads_only(const Statement& statement) { return statement.sql.text().starts_with("SELECT"); }

// The time that the server may spend on one statement, in milliseconds: less than what is left, so that its refusal
// arrives in time.
int64_t server_time(Deadline deadline) { return std::max<int64_t>(1, deadline.remaining().count() * 4 / 5); }

// Work that takes longer than the role's own limit says so by a deadline of more than this many times of it.
constexpr int64_t kLongWork = 2;

// SQLSTATE query_canceled, lock_not_available.
bool ran_out_of_time(const Error& error) { return error.code == "57014" || error.code == "55P03"; }

Command command_of(const Statement& statement, bool named, bool sync) {
  return {.sql = statement.sql.c_str(), .params = &statement.params, .named = named, .sync = sync};
}

Quoting quoting_of(const Statement& statement) {
  return statement.params.empty() ? Quoting::holds_no_values : Quoting::may_hold_values;
}

// The connection ended before the commit's outcome was known.
Error in_doubt(Error lost) {
  if (!lost.nothing_sent) lost.fault = Fault::in_doubt;
  return lost;
}

// A session that ended while its commit was under way.
Error ended_in_commit(const pg_result* result) {
  Error error = error_of(result, Quoting::may_hold_values);
  error.fault = Fault::in_doubt;
  return error;
}

// The outcome of one statement that ran in a transaction of its own.
Result<Rows> outcome(Reply reply, const std::optional<Error>& lost, const Statement& statement) {
  switch (reply.state) {
    case Reply::State::done:
      if (reply.synced) return Rows(reply.result.release());
      break;
    case Reply::State::refused_at_sync:
      if (ends_session(reply.result.get()) && !reads_only(statement)) return ended_in_commit(reply.result.get());
      return error_of(reply.result.get(), quoting_of(statement));
    case Reply::State::refused:
      return error_of(reply.result.get(), quoting_of(statement));
    case Reply::State::unanswered:
    case Reply::State::skipped:
      break;
  }
  return reads_only(statement) ? lost.value() : in_doubt(lost.value());
}

}  // namespace

struct Session::Impl {
  ConnHandle conn;
  Prepare prepare;
  PreparedNames names = {};
  bool broken = false;
  int64_t limit = 0;       // the role's statement_timeout in milliseconds; 0: none
  unsigned time_outs = 0;  // of statements
  bool unanswered = false;  // the server may still be at work for us

  // A statement in a transaction that is already open goes without a name: it couldn't be run again alone.
  bool named() const { return prepare != Prepare::off && PQtransactionStatus(conn.get()) == PQTRANS_IDLE; }

  static Error dead() {
    return Error{.fault = Fault::unavailable, .what = "database: the connection was lost", .nothing_sent = true,
                 .of_database = true};
  }

  Exchange run(const std::vector<Command>& commands, Deadline deadline) {
    if (broken) return {.replies = std::vector<Reply>(commands.size()), .lost = dead()};
    Exchange done = exchange(conn.get(), names, commands, deadline);
    if (done.lost || PQstatus(conn.get()) != CONNECTION_OK) broken = true;
    if (done.lost && deadline.passed()) {
      unanswered = true;
      ++time_outs;
    }
    return done;
  }

  // The role's own limit, which holds also behind a pooler: most statements need no other.
  Status read_limit(Deadline deadline) {
    const Statement statement{
        "SELECT (1000 * extract(epoch FROM current_setting('statement_timeout')::interval))::bigint AS limit", {}};
    Exchange done = run({command_of(statement, false, true)}, deadline);
    Result<Rows> rows = outcome(std::move(done.replies[0]), done.lost, statement);
    if (!rows) return noted(std::move(rows).error());
    limit = rows->integer(0, "limit");
    return {};
  }

  // What a transaction begins with: its limit and that nothing is compiled (jit), where the role's own settings aren't
  // the right ones, and that its commit isn't waited for. A role with a limit is one of sql/roles.sql, which has both.
  std::optional<Statement> settings_of(Deadline deadline, Commit commit) const {
    const int64_t wanted = server_time(deadline);
    const bool has_time = limit > 0 && wanted >= limit && wanted <= kLongWork * limit;
    const bool waits = commit == Commit::durable;
    if (has_time && waits) return std::nullopt;
    if (has_time) return Statement{"SELECT set_config('synchronous_commit', 'off', true)", {}};
    if (waits)
      return Statement{"SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true), "
                       "set_config('jit', 'off', true)",
                       {wanted}};
    return Statement{"SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $1, true), "
                     "set_config('jit', 'off', true), set_config('synchronous_commit', 'off', true)",
                     {wanted}};
  }

  // Any error that asks to back off ends the connection: the next may reach another, healthy server.
  Error noted(Error error) {
    if (ran_out_of_time(error)) ++time_outs;
    if (error.fault == Fault::unavailable || error.fault == Fault::in_doubt) broken = true;
    return error;
  }

  void roll_back(Deadline deadline) {
    if (broken || PQtransactionStatus(conn.get()) == PQTRANS_IDLE) return;
    const Deadline enough = deadline.remaining() > kRollbackTime ? deadline : Deadline::in(kRollbackTime);
    Exchange done = run({{.sql = "ROLLBACK", .sync = true}}, enough);
    if (done.replies[0].state != Reply::State::done) broken = true;
  }

  // True, once, where `error` says that named statements don't work here. 0A000: a cached plan whose result a
  // migration changed. The server refused, so nothing took effect.
  bool gives_up_names(const Error& error) {
    const bool about_names = error.code == "26000" || error.code == "42P05" || error.code == "0A000";
    if (prepare != Prepare::automatic || !about_names || broken) return false;
    if (PQtransactionStatus(conn.get()) != PQTRANS_IDLE) return false;
    prepare = Prepare::off;
    return true;
  }

  Result<std::vector<Rows>> batch(const std::vector<Statement>& statements, bool with_names, Deadline deadline,
                                  Commit commit) {
    // In front of each statement, because what is local ends with its transaction.
    const std::optional<Statement> own = settings_of(deadline, commit);
    std::vector<Command> commands;
    for (const Statement& statement : statements) {
      if (own) commands.push_back(command_of(*own, with_names, false));
      commands.push_back(command_of(statement, with_names, true));
    }
    Exchange done = run(commands, deadline);
    std::vector<Rows> rows;
    std::optional<Error> first;
    const size_t step = own ? 2 : 1;
    for (size_t i = 0; i < statements.size(); ++i) {
      Reply& before = done.replies[i * step];
      const bool own_refused = own && before.state == Reply::State::refused;
      Result<Rows> one = own_refused
                             ? Result<Rows>(error_of(before.result.get(), Quoting::holds_no_values))
                             : outcome(std::move(done.replies[i * step + step - 1]), done.lost, statements[i]);
      if (one.ok()) rows.push_back(std::move(*one));
      else if (!first) first = noted(one.error());
      else noted(one.error());
    }
    if (first) return std::move(*first);
    return rows;
  }

  Result<std::vector<Rows>> transaction(const std::vector<Statement>& statements, Deadline deadline, Commit commit) {
    const std::optional<Statement> settings = settings_of(deadline, commit);
    std::vector<Command> commands = {{.sql = "BEGIN"}};
    if (settings) commands.push_back(command_of(*settings, named(), false));
    const size_t first = commands.size();
    for (const Statement& statement : statements) commands.push_back(command_of(statement, named(), false));
    commands.push_back({.sql = "COMMIT", .sync = true});
    Exchange done = run(commands, deadline);

    const size_t last = commands.size() - 1;
    for (size_t i = 0; i <= last; ++i) {
      const Reply& reply = done.replies[i];
      if (reply.state != Reply::State::refused && reply.state != Reply::State::refused_at_sync) continue;
      if (i == last && ends_session(reply.result.get())) return noted(ended_in_commit(reply.result.get()));
      const bool own = i < first || i == last;
      const Quoting quoting = own ? Quoting::may_hold_values : quoting_of(statements[i - first]);
      Error error = noted(error_of(reply.result.get(), quoting));
      roll_back(deadline);
      return error;
    }
    if (done.replies[last].state != Reply::State::done) return noted(in_doubt(done.lost.value()));
    std::vector<Rows> rows;
    for (size_t i = first; i < last; ++i) rows.emplace_back(done.replies[i].result.release());
    return rows;
  }

  // All results of a simple query: the first error among them.
  Status drain(Deadline deadline) {
    Status status;
    for (;;) {
      while (PQisBusy(conn.get()) == 1) {
        const bool unsent = PQflush(conn.get()) == 1;
        if (!wait_for(conn.get(), unsent ? POLLIN | POLLOUT : POLLIN, deadline)) {
          return Error{.fault = Fault::in_doubt, .what = "database: no answer within the time allowed",
                       .of_database = true};
        }
        if (PQconsumeInput(conn.get()) != 1) break;
      }
      std::unique_ptr<pg_result, Reply::Clear> result(PQgetResult(conn.get()));
      if (!result) return status;
      const ExecStatusType kind = PQresultStatus(result.get());
      if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT) throw std::logic_error("a script with COPY");
      if (kind == PGRES_FATAL_ERROR && status.ok()) {
        Error error = error_of(result.get(), Quoting::holds_no_values);
        if (error.code.empty() || ends_session(result.get())) error.fault = Fault::in_doubt;
        status = error;
      }
    }
  }
};

Session::Session(pg_conn* conn, Prepare prepare)
    : conn_(conn), impl_(new Impl{.conn = ConnHandle(conn), .prepare = prepare}) {}

Session::~Session() = default;

Result<std::unique_ptr<Session>> Session::open(const std::string& conninfo, Prepare prepare, Deadline deadline) {
  std::string text = conninfo;
  if (text.starts_with(kExec)) {
    Result<Secret> output = program_output(text.substr(kExec.size()));
    if (!output) {
      Error error = output.error();
      error.nothing_sent = true;
      return error;
    }
    text = output->reveal();
  }
  Result<ConnHandle> conn = connect(text, deadline);
  wipe(text);
  if (!conn) return conn.error();
  std::unique_ptr<Session> session(new Session(conn->release(), prepare));
  if (Status read = session->impl_->read_limit(deadline); !read) return std::move(read).error();
  return session;
}

Result<Rows> Session::query(Statement statement, Deadline deadline, Commit commit) {
  std::vector<Statement> one;
  one.push_back(std::move(statement));
  Result<std::vector<Rows>> rows = impl_->batch(one, impl_->named(), deadline, commit);
  if (!rows && impl_->gives_up_names(rows.error())) rows = impl_->batch(one, false, deadline, commit);
  if (!rows) return rows.error();
  return std::move(rows->front());
}

Result<std::vector<Rows>> Session::transaction(std::vector<Statement> statements, Deadline deadline, Commit commit) {
  if (!impl_->broken && PQtransactionStatus(conn_) != PQTRANS_IDLE) {
    throw std::logic_error("a transaction within a transaction");
  }
  Result<std::vector<Rows>> rows = impl_->transaction(statements, deadline, commit);
  if (!rows && impl_->gives_up_names(rows.error())) rows = impl_->transaction(statements, deadline, commit);
  return rows;
}

Result<std::vector<Rows>> Session::batch(std::vector<Statement> statements, Deadline deadline) {
  if (statements.empty()) return std::vector<Rows>();
  // Running a refused statement again would put it behind those that came after it, so writes go without names
  // where names may not work.
  const bool repeatable = std::all_of(statements.begin(), statements.end(), reads_only);
  const bool with_names = impl_->named() && (repeatable || impl_->prepare == Prepare::on);
  Result<std::vector<Rows>> rows = impl_->batch(statements, with_names, deadline, Commit::durable);
  if (!rows && with_names && impl_->gives_up_names(rows.error()))
    rows = impl_->batch(statements, false, deadline, Commit::durable);
  return rows;
}

Status Session::script(const std::string& text, Deadline deadline) {
  if (impl_->broken || !session_is_alive(conn_)) return impl_->noted(Impl::dead());
  // The simple protocol doesn't go together with pipeline mode.
  if (PQexitPipelineMode(conn_) != 1) throw std::logic_error("a script within a pipeline");
  Status status;
  if (PQsendQuery(conn_, text.c_str()) == 1) status = impl_->drain(deadline);
  else
    status =
        Error{.fault = Fault::in_doubt, .what = "database: " + one_line(PQerrorMessage(conn_)), .of_database = true};
  if (!status) status = impl_->noted(status.error());
  if (!status && deadline.passed()) impl_->unanswered = true;
  if (PQstatus(conn_) != CONNECTION_OK) impl_->broken = true;
  if (impl_->broken) return status;
  if (PQenterPipelineMode(conn_) != 1) impl_->broken = true;
  if (!status) impl_->roll_back(deadline);
  return status;
}

bool Session::broken() const { return impl_->broken; }

unsigned Session::take_time_outs() { return std::exchange(impl_->time_outs, 0); }

bool Session::unanswered() const { return impl_->unanswered; }

void Session::cancel() {
  const std::unique_ptr<PGcancel, void (*)(PGcancel*)> cancel(PQgetCancel(conn_), PQfreeCancel);
  char why[256];
  if (cancel) PQcancel(cancel.get(), why, sizeof why);
}

bool Session::idle_and_alive() {
  return !impl_->broken && session_is_alive(conn_) && PQtransactionStatus(conn_) == PQTRANS_IDLE;
}

}  // namespace calint::postgres
