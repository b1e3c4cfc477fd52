// The connections of one process, opened on demand.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "postgres/session.h"

namespace calint::postgres {

// Thread safe. Makes no connection until one is borrowed.
class Pool {
 public:
  struct Options {
    std::string conninfo;
    unsigned max = 8;
    Session::Prepare prepare = Session::Prepare::automatic;
    // Idle connections are closed after this long, so that a quiet node doesn't hold server slots.
    std::chrono::seconds idle_for{300};
    // After a failed attempt to connect, further borrowers are refused at once for this long: a dead
    // database must not hold every worker for a whole connect time-out.
    std::chrono::milliseconds cool_down{1000};
    // Runs once on each new connection before it is lent (schema check, node row). Its error closes it.
    std::function<Status(Session&, Deadline)> on_open = {};
  };

  explicit Pool(Options options);
  ~Pool();  // every lease has been returned

  // Returns the connection to the pool, or closes it where it is broken.
  class Lease {
   public:
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    Session& operator*() const { return *connection_; }
    Session* operator->() const { return connection_.get(); }

   private:
    friend class Pool;
    void give_back();
    Lease(Pool* pool, std::unique_ptr<Session> connection) : pool_(pool), connection_(std::move(connection)) {}
    Pool* pool_;
    std::unique_ptr<Session> connection_;
  };

  // Waits for a free connection up to the deadline: too_many where none became free, unavailable where
  // none could be opened. A connection that died while idle is replaced without the caller noticing.
  Result<Lease> borrow(Deadline deadline);

  // Borrows, runs query() and returns. Where a kept connection turns out to be dead before the statement was
  // sent (server restarted), a new one is tried once.
  Result<Rows> query(Statement statement, Deadline deadline);
  Result<std::vector<Rows>> transaction(std::vector<Statement> statements, Deadline deadline);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calint::postgres
