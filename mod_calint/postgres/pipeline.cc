#include "postgres/pipeline.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "postgres/socket_wait.h"
#include "postgres/sql_error.h"

namespace calint::postgres {
namespace {

enum class Part { prepare, execute, sync };

// One answer that libpq will hand out.
struct Expected {
  Part part;
  size_t command;
};

Error connection_lost(const PGconn* conn) {
  return Error{.fault = Fault::unavailable, .what = "database: " + one_line(PQerrorMessage(conn)), .of_database = true};
}

// What PQsendQueryParams wants of the parameters. Points into them.
struct Arguments {
  explicit Arguments(const std::vector<Param>* params) {
    if (params == nullptr) return;
    for (const Param& param : *params) {
      values.push_back(param.is_null() ? nullptr : param.value().c_str());
      lengths.push_back(static_cast<int>(param.value().size()));
      formats.push_back(param.is_binary() ? 1 : 0);
    }
  }
  int count() const { return static_cast<int>(values.size()); }

  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
};

class Talk {
 public:
  Talk(PGconn* conn, PreparedNames& names, const std::vector<Command>& commands, Deadline deadline)
      : conn_(conn), names_(names), commands_(commands), deadline_(deadline) {
    exchange_.replies.resize(commands.size());
  }

  Exchange run() {
    if (!session_is_alive(conn_)) {
      exchange_.lost = connection_lost(conn_);
      exchange_.lost->nothing_sent = true;
      return std::move(exchange_);
    }
    if (send_all()) receive_all();
    return std::move(exchange_);
  }

 private:
  bool send_all() {
    std::unordered_set<std::string> prepared_here;
    for (size_t i = 0; i < commands_.size(); ++i) {
      const Command& command = commands_[i];
      std::string name;
      if (command.named) {
        name = PreparedNames::name_of(command.sql);
        if (!names_.has(name) && prepared_here.insert(name).second) {
          if (PQsendPrepare(conn_, name.c_str(), command.sql, 0, nullptr) != 1) return lose();
          expected_.push_back({Part::prepare, i});
        }
      }
      if (!send_execute(command, name)) return lose();
      expected_.push_back({Part::execute, i});
      if (!command.sync) continue;
      if (PQpipelineSync(conn_) != 1) return lose();
      expected_.push_back({Part::sync, i});
    }
    return true;
  }

  bool send_execute(const Command& command, const std::string& name) {
    const Arguments arguments(command.params);
    if (command.named) {
      return PQsendQueryPrepared(conn_, name.c_str(), arguments.count(), arguments.values.data(),
                                 arguments.lengths.data(), arguments.formats.data(), 0) == 1;
    }
    return PQsendQueryParams(conn_, command.sql, arguments.count(), nullptr, arguments.values.data(),
                             arguments.lengths.data(), arguments.formats.data(), 0) == 1;
  }

  void receive_all() {
    size_t group = 0;  // first command since the last sync
    for (const Expected& expected : expected_) {
      if (!(expected.part == Part::sync ? receive_sync(expected.command) : receive_command(expected))) return;
      if (expected.part != Part::sync) continue;
      for (; group <= expected.command; ++group) exchange_.replies[group].synced = true;
    }
  }

  // A command's answers end with a null.
  bool receive_command(const Expected& expected) {
    for (;;) {
      std::unique_ptr<pg_result, Reply::Clear> result;
      if (!next(result)) return false;
      if (!result) return exchange_.replies[expected.command].state != Reply::State::unanswered ||
                          expected.part == Part::prepare || lose();
      if (!note(expected, std::move(result))) return false;
    }
  }

  // A sync is answered by one result, after an error if the commit failed.
  bool receive_sync(size_t command) {
    for (;;) {
      std::unique_ptr<pg_result, Reply::Clear> result;
      if (!next(result)) return false;
      if (!result) {
        if (PQstatus(conn_) == CONNECTION_BAD) return lose();
        continue;
      }
      if (PQresultStatus(result.get()) == PGRES_PIPELINE_SYNC) return true;
      if (made_up(result.get())) return lose();
      exchange_.replies[command].state = Reply::State::refused_at_sync;
      exchange_.replies[command].result = std::move(result);
    }
  }

  bool note(const Expected& expected, std::unique_ptr<pg_result, Reply::Clear> result) {
    Reply& reply = exchange_.replies[expected.command];
    switch (PQresultStatus(result.get())) {
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
      case PGRES_EMPTY_QUERY:
        if (expected.part == Part::prepare) {
          names_.add(PreparedNames::name_of(commands_[expected.command].sql));
          return true;
        }
        reply.state = Reply::State::done;
        break;
      case PGRES_PIPELINE_ABORTED:
        if (reply.state == Reply::State::unanswered) reply.state = Reply::State::skipped;
        return true;
      case PGRES_FATAL_ERROR:
        if (made_up(result.get())) return lose();
        reply.state = Reply::State::refused;
        break;
      default:  // COPY and the like, which no statement here starts
        return lose();
    }
    reply.result = std::move(result);
    return true;
  }

  // libpq reports a lost connection as an error result without a SQLSTATE.
  static bool made_up(const PGresult* result) { return PQresultErrorField(result, PG_DIAG_SQLSTATE) == nullptr; }

  // The next answer (null included), waiting for it, and sending what is still to be sent meanwhile.
  bool next(std::unique_ptr<pg_result, Reply::Clear>& result) {
    while (!input_ended_ && PQisBusy(conn_) == 1) {
      const bool unsent = PQflush(conn_) == 1;
      if (!wait_for(conn_, unsent ? POLLIN | POLLOUT : POLLIN, deadline_)) {
        exchange_.lost = Error{.fault = Fault::unavailable, .what = "database: no answer within the time allowed",
                                .of_database = true};
        return false;
      }
      // What came before the end, such as the server's reason for it, is still handed out.
      if (readable_now(conn_) && PQconsumeInput(conn_) != 1) input_ended_ = true;
    }
    result.reset(PQgetResult(conn_));
    return true;
  }

  bool lose() {
    exchange_.lost = connection_lost(conn_);
    return false;
  }

  PGconn* conn_;
  PreparedNames& names_;
  const std::vector<Command>& commands_;
  Deadline deadline_;
  std::vector<Expected> expected_;
  Exchange exchange_;
  bool input_ended_ = false;
};

}  // namespace

void Reply::Clear::operator()(pg_result* answer) const { PQclear(answer); }

std::string PreparedNames::name_of(std::string_view sql) {
  uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bits
  for (const char c : sql) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return fmt::format("calint_{:016x}_{}", hash, sql.size());
}

Exchange exchange(pg_conn* conn, PreparedNames& names, const std::vector<Command>& commands, Deadline deadline) {
  return Talk(conn, names, commands, deadline).run();
}

bool session_is_alive(pg_conn* conn) {
  while (PQstatus(conn) == CONNECTION_OK && readable_now(conn)) {
    if (PQconsumeInput(conn) != 1) return false;
    bool ended = false;
    PQsetNoticeReceiver(
        conn, [](void* flag, const PGresult* notice) { *static_cast<bool*>(flag) |= ends_session(notice); }, &ended);
    PQisBusy(conn);  // parses: between commands libpq takes the server's farewell for a notice
    PQsetNoticeReceiver(conn, [](void*, const PGresult*) {}, nullptr);
    if (ended) return false;
  }
  return PQstatus(conn) == CONNECTION_OK;
}

}  // namespace calint::postgres
