// Commands sent to PostgreSQL in one go, and what came back for each.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "postgres/session.h"

namespace calint::postgres {

// The prepared statements that this session is known to have.
//
// A name is made from the statement's text: behind a pooler a server session may hold statements that another
// process prepared, and the same name must never stand for another text.
class PreparedNames {
 public:
  static std::string name_of(std::string_view sql);
  bool has(const std::string& name) const { return names_.contains(name); }
  void add(const std::string& name) { names_.insert(name); }

 private:
  std::unordered_set<std::string> names_;
};

struct Command {
  const char* sql;                              // ends with NUL, outlives the exchange
  const std::vector<Param>* params = nullptr;   // null: none
  bool named = false;                           // through a prepared statement, made on first use
  bool sync = false;                            // the server commits or gives up here, and starts afresh
};

struct Reply {
  enum class State {
    unanswered,       // the connection was lost before
    done,             // the command was carried out; `result` has its rows
    refused,          // `result` is the server's error
    refused_at_sync,  // it was carried out, then the commit at its sync failed; `result` is the error
    skipped,          // an earlier command up to the same sync was refused
  };
  struct Clear { void operator()(pg_result* answer) const; };

  State state = State::unanswered;
  bool synced = false;  // the answer to the sync that ends its group came
  std::unique_ptr<pg_result, Clear> result = {};
};

struct Exchange {
  std::vector<Reply> replies;  // one for each command
  std::optional<Error> lost;   // connection lost or time-out; nothing_sent tells whether anything went out
};

// Sends all commands and waits for the answers; `conn` is in pipeline mode. The last command has `sync`. After a
// loss the connection can't be used any more.
Exchange exchange(pg_conn* conn, PreparedNames& names, const std::vector<Command>& commands, Deadline deadline);

// False where the server has closed or ended the session. Sends nothing and doesn't wait.
bool session_is_alive(pg_conn* conn);

}  // namespace calint::postgres
