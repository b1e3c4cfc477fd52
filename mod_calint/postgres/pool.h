// The connections of one process, opened on demand, within what the node may have.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "postgres/node_limits.h"
#include "postgres/session.h"

namespace calint::postgres {

// Thread safe. Makes no connection and no thread until a connection is borrowed.
//
// A connection can't leave its process, so the node's share goes round by closing: while somebody waits elsewhere, no
// process keeps more than its fair share, or an idle connection for more than a moment.
class Pool {
 public:
  struct Options {
    std::string conninfo;
    unsigned max = 8;      // connections of the whole node
    unsigned waiters = 0;  // who may wait for one at once, in the whole node; 0: any number
    // The node's counts, which this process has joined; they outlive the pool. nullptr: this process is alone.
    NodeLimits* node = nullptr;
    Session::Prepare prepare = Session::Prepare::automatic;
    // Idle connections are closed after this long, so that a quiet node doesn't hold server slots.
    std::chrono::milliseconds idle_for = std::chrono::minutes(5);
    // After a failed attempt to connect, further borrowers are refused at once for this long: a dead
    // database must not hold every worker for a whole connect time-out.
    std::chrono::milliseconds cool_down{1000};
    // Runs once on each new connection before it is lent (schema check, node row). Its error closes it.
    std::function<Status(Session&, Deadline)> on_open = {};
  };

  explicit Pool(Options options);
  ~Pool();  // every lease has been returned; joins its thread

 private:
  // A session with the slot that it takes in the node: free once the session is closed.
  struct Held {
    NodeSlots::Slot slot = {};
    std::unique_ptr<Session> session = {};
  };

 public:
  // Returns the connection to the pool, or closes it where it is broken.
  class Lease {
   public:
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) noexcept;
    ~Lease();
    Session& operator*() const { return *held_.session; }
    Session* operator->() const { return held_.session.get(); }

   private:
    friend class Pool;
    void give_back();
    Lease(Pool* pool, Held held) : pool_(pool), held_(std::move(held)) {}
    Pool* pool_;
    Held held_;
  };

  // Waits for a free connection up to the deadline: too_many where none became free, or more wait than may; unavailable
  // where none could be opened, or where statements ran out of time a moment ago (NodeLimits::breaker). A connection
  // that died while idle is replaced without the caller noticing.
  Result<Lease> borrow(Deadline deadline);

  // Borrows, runs query() and returns. Where a kept connection turns out to be dead before the statement was
  // sent (server restarted), a new one is tried once. A lock that wasn't to be had in time is unavailable.
  Result<Rows> query(Statement statement, Deadline deadline, Commit commit = Commit::durable);
  Result<std::vector<Rows>> transaction(std::vector<Statement> statements, Deadline deadline,
                                        Commit commit = Commit::durable);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calint::postgres
