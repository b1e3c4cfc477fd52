#include "postgres/pool.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

namespace calint::postgres {
namespace {

using Steady = std::chrono::steady_clock;
using Handle = std::unique_ptr<Session>;

struct Idle {
  Handle connection;
  Steady::time_point since;
};

Error all_busy() {
  return Error{.fault = Fault::too_many,
               .what = "all of this process's database connections are in use",
               .retry_after = std::chrono::seconds(1),
               .nothing_sent = true};
}

}  // namespace

struct Pool::Impl {
  Options options;
  std::mutex mutex = {};
  std::condition_variable returned = {};
  std::vector<Idle> idle = {};       // the longest unused first
  unsigned taken = 0;                // slots in use: idle, lent or being opened
  Steady::time_point refused_until = {};
  std::optional<Error> refusal = {};  // why; set with refused_until

  // Takes those that were unused for too long out, to be closed by the caller without the lock.
  std::vector<Idle> expired() {
    const auto limit = Steady::now() - options.idle_for;
    const auto first_kept = std::find_if(idle.begin(), idle.end(), [&](const Idle& i) { return i.since > limit; });
    std::vector<Idle> old(std::make_move_iterator(idle.begin()), std::make_move_iterator(first_kept));
    idle.erase(idle.begin(), first_kept);
    taken -= static_cast<unsigned>(old.size());
    return old;
  }

  void free_slot() {
    {
      const std::lock_guard lock(mutex);
      --taken;
    }
    returned.notify_one();
  }

  void take_back(Handle connection) {
    if (!connection->idle_and_alive()) {
      connection.reset();
      free_slot();
      return;
    }
    {
      const std::lock_guard lock(mutex);
      idle.push_back({std::move(connection), Steady::now()});
    }
    returned.notify_one();
  }

  // A kept connection, or null together with a slot in which one may be opened.
  Result<Handle> kept_or_slot(Deadline deadline) {
    std::vector<Idle> old;  // closed after the lock is released
    std::unique_lock lock(mutex);
    for (;;) {
      for (Idle& one : expired()) old.push_back(std::move(one));
      if (!idle.empty()) {
        Handle connection = std::move(idle.back().connection);
        idle.pop_back();
        return connection;
      }
      if (taken < options.max) {
        if (refusal && Steady::now() < refused_until) return *refusal;
        ++taken;
        return Handle();
      }
      if (returned.wait_for(lock, deadline.remaining()) == std::cv_status::timeout && deadline.passed()) {
        return all_busy();
      }
    }
  }

  Result<Handle> open(Deadline deadline) {
    const auto begun = Steady::now();
    Result<Handle> connection = Session::open(options.conninfo, options.prepare, deadline);
    if (connection.ok() && options.on_open) {
      if (Status ready = options.on_open(**connection, deadline); !ready) connection = ready.error();
    }
    if (connection.ok()) return connection;
    Error error = connection.error();
    error.nothing_sent = true;  // nothing of the borrower's
    {
      const std::lock_guard lock(mutex);
      // A borrower who came with hardly any time says nothing about the database.
      if (!deadline.passed() || Steady::now() - begun >= options.cool_down) {
        refused_until = Steady::now() + options.cool_down;
        refusal = error;
      }
    }
    free_slot();
    return error;
  }

  Result<Handle> borrow(Deadline deadline) {
    for (;;) {
      Result<Handle> kept = kept_or_slot(deadline);
      if (!kept) return kept;
      if (!*kept) return open(deadline);
      if ((*kept)->idle_and_alive()) return kept;
      kept->reset();
      free_slot();
    }
  }
};

Pool::Pool(Options options) : impl_(new Impl{.options = std::move(options)}) {
  impl_->idle.reserve(impl_->options.max);  // giving back can't run out of memory
}

Pool::~Pool() = default;

Pool::Lease& Pool::Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  give_back();
  pool_ = other.pool_;
  connection_ = std::move(other.connection_);
  return *this;
}

Pool::Lease::~Lease() { give_back(); }

void Pool::Lease::give_back() {
  if (connection_) pool_->impl_->take_back(std::move(connection_));
}

Result<Pool::Lease> Pool::borrow(Deadline deadline) {
  Result<Handle> connection = impl_->borrow(deadline);
  if (!connection) return connection.error();
  return Lease(this, std::move(*connection));
}

Result<Rows> Pool::query(Statement statement, Deadline deadline) {
  for (bool again = false;; again = true) {
    Result<Lease> lease = borrow(deadline);
    if (!lease) return lease.error();
    Result<Rows> rows = (*lease)->query(statement, deadline);
    if (rows.ok() || !rows.error().nothing_sent || again) return rows;
  }
}

Result<std::vector<Rows>> Pool::transaction(std::vector<Statement> statements, Deadline deadline) {
  for (bool again = false;; again = true) {
    Result<Lease> lease = borrow(deadline);
    if (!lease) return lease.error();
    Result<std::vector<Rows>> rows = (*lease)->transaction(statements, deadline);
    if (rows.ok() || !rows.error().nothing_sent || again) return rows;
  }
}

}  // namespace calint::postgres
