#include "postgres/pool.h"

#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

#include "base/signals_blocked.h"

namespace calint::postgres {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How soon a waiter sees that another process has freed a connection.
constexpr milliseconds kWaitersLook{10};
// How soon an idle process sees that somebody waits; and how long it keeps what it may need again while somebody does.
constexpr milliseconds kIdleLooks{50};

Error all_busy() {
  return Error{.fault = Fault::too_many,
               .what = "all database connections of this node (CalIntDatabasePool) are in use",
               .retry_after = std::chrono::seconds(1),
               .nothing_sent = true,
               .of_database = true};
}

Error resting(milliseconds left) {
  return Error{.fault = Fault::unavailable,
               .what = "database: statements ran out of time, so it isn't asked for a moment",
               .retry_after = std::chrono::ceil<std::chrono::seconds>(left),
               .nothing_sent = true,
               .of_database = true};
}

// A lock that somebody holds for long is the database's trouble, not a change to plan for.
template <typename T>
Result<T> judged(Result<T> result) {
  if (!result && result.error().detail == Detail::lock_taken) result.error().fault = Fault::unavailable;
  return result;
}

}  // namespace

struct Pool::Impl {
  struct Idle {
    Held held;
    Steady::time_point since;
  };

  Options options;
  std::unique_ptr<NodeLimits> own = options.node == nullptr ? NodeLimits::alone() : nullptr;
  NodeLimits& node = own ? *own : *options.node;
  std::mutex mutex = {};
  std::condition_variable returned = {};   // for who waits
  std::condition_variable to_close = {};   // for the thread that closes
  std::vector<Idle> idle = {};             // the longest unused first
  std::vector<Held> abandoned = {};        // with a server at work for nobody
  unsigned waiting = 0;                    // threads of this process
  bool ending = false;
  std::thread closer = {};                 // from the first connection on
  Steady::time_point refused_until = {};
  std::optional<Error> refusal = {};       // why; set with refused_until

  ~Impl() {
    {
      const std::lock_guard lock(mutex);
      ending = true;
    }
    to_close.notify_all();
    if (closer.joinable()) closer.join();
  }

  bool others_wait() const { return node.waiting.taken() > waiting; }

  // Of the node's connections, where all who have or want one are served alike; 0 where they are more than connections.
  unsigned fair_share() const {
    return options.max / std::max(1U, node.connections.holders_with(node.waiting));
  }

  bool has_its_share() const { return node.connections.taken_by(getpid()) >= std::max(1U, fair_share()); }

  // Whether a connection that is given back stays, which is cheaper than closing it and opening another one soon. Where
  // there are few processes, their threads share; where there are many, such as prefork's, connections go round.
  bool stays() const {
    if (!others_wait()) return true;
    const unsigned share = fair_share();
    if (node.connections.taken_by(getpid()) > std::max(1U, share)) return false;
    return waiting > 0 || share > 1;
  }

  // Meanwhile an idle one is kept for so long.
  milliseconds idle_limit() const {
    if (waiting > 0 || !others_wait()) return options.idle_for;
    return stays() ? std::min(kIdleLooks, options.idle_for) : milliseconds(0);
  }

  NodeSlots::Slot free_slot() {
    if (others_wait() && has_its_share()) return {};
    return node.connections.take(getpid(), options.max);
  }

  void take_back(Held held) {
    for (unsigned n = held.session->take_time_outs(); n > 0; --n) node.breaker.note(Steady::now());
    if (held.session->unanswered()) return abandon(std::move(held));
    bool is_kept = held.session->idle_and_alive();
    {
      const std::lock_guard lock(mutex);
      is_kept = is_kept && stays();
      if (is_kept) idle.push_back({std::move(held), Steady::now()});
    }
    if (!is_kept) held = {};
    returned.notify_one();
    if (is_kept) to_close.notify_one();
  }

  void abandon(Held held) {
    {
      const std::lock_guard lock(mutex);
      abandoned.push_back(std::move(held));
    }
    to_close.notify_one();
  }

  // Idle ones that were unused for longer.
  std::vector<Idle> unused_for(milliseconds time) {
    const auto limit = Steady::now() - time;
    const auto first_kept = std::find_if(idle.begin(), idle.end(), [&](const Idle& i) { return i.since > limit; });
    std::vector<Idle> old(std::make_move_iterator(idle.begin()), std::make_move_iterator(first_kept));
    idle.erase(idle.begin(), first_kept);
    return old;
  }

  void close_what_is_to_be_closed() {
    std::unique_lock lock(mutex);
    while (!ending) {
      std::vector<Idle> old = unused_for(idle_limit());
      std::vector<Held> given_up = std::exchange(abandoned, {});
      if (!old.empty() || !given_up.empty()) {
        lock.unlock();
        for (Held& one : given_up) one.session->cancel();
        given_up.clear();
        old.clear();
        returned.notify_all();
        lock.lock();
      } else if (idle.empty()) {
        to_close.wait(lock);
      } else {
        const auto expiry = idle.front().since + options.idle_for;
        to_close.wait_until(lock, std::min(expiry, Steady::now() + kIdleLooks));
      }
    }
  }

  void start_closer() {
    const std::lock_guard lock(mutex);
    if (closer.joinable()) return;
    const SignalsBlocked blocked;
    try {
      closer = std::thread([this] { close_what_is_to_be_closed(); });
    } catch (const std::system_error&) {
      // No thread to be had: the next connection tries again.
    }
  }

  // A kept connection, or only a slot in which one may be opened.
  Result<Held> kept_or_slot(Deadline deadline) {
    NodeSlots::Slot queued;
    std::vector<Idle> old;  // closed after the lock is released
    std::unique_lock lock(mutex);
    struct Waiting {
      unsigned& count;
      unsigned mine = 0;
      ~Waiting() { count -= mine; }
    } mine{waiting};
    for (;;) {
      if (const auto left = node.breaker.rests(Steady::now())) return resting(*left);
      if (old.empty()) old = unused_for(options.idle_for);
      if (!idle.empty()) {
        Held held = std::move(idle.back().held);
        idle.pop_back();
        return held;
      }
      if (NodeSlots::Slot slot = free_slot()) {
        if (refusal && Steady::now() < refused_until) return *refusal;
        return Held{.slot = std::move(slot)};
      }
      if (deadline.passed()) return all_busy();
      if (!queued) {
        queued = node.waiting.take(getpid(), options.waiters == 0 ? ~0U : options.waiters);
        if (!queued) return all_busy();
        ++waiting;
        mine.mine = 1;
      }
      returned.wait_for(lock, std::min(kWaitersLook, deadline.remaining()));
    }
  }

  Result<Held> open(NodeSlots::Slot slot, Deadline deadline) {
    const auto begun = Steady::now();
    auto session = Session::open(options.conninfo, options.prepare, deadline);
    if (session.ok() && options.on_open) {
      if (Status ready = options.on_open(**session, deadline); !ready) session = ready.error();
    }
    if (session.ok()) {
      start_closer();
      return Held{.slot = std::move(slot), .session = std::move(*session)};
    }
    Error error = session.error();
    error.nothing_sent = true;  // nothing of the borrower's
    const std::lock_guard lock(mutex);
    // A borrower who came with hardly any time says nothing about the database.
    if (!deadline.passed() || Steady::now() - begun >= options.cool_down) {
      refused_until = Steady::now() + options.cool_down;
      refusal = error;
    }
    return error;
  }

  Result<Held> borrow(Deadline deadline) {
    for (;;) {
      Result<Held> kept = kept_or_slot(deadline);
      if (!kept) return kept;
      if (!kept->session) return open(std::move(kept->slot), deadline);
      if (kept->session->idle_and_alive()) return kept;
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
  held_ = std::move(other.held_);
  return *this;
}

Pool::Lease::~Lease() { give_back(); }

void Pool::Lease::give_back() {
  if (held_.session) pool_->impl_->take_back(std::exchange(held_, Held{}));
}

Result<Pool::Lease> Pool::borrow(Deadline deadline) {
  Result<Held> held = impl_->borrow(deadline);
  if (!held) return held.error();
  return Lease(this, std::move(*held));
}

Result<Rows> Pool::query(Statement statement, Deadline deadline, Commit commit) {
  for (bool again = false;; again = true) {
    Result<Lease> lease = borrow(deadline);
    if (!lease) return lease.error();
    Result<Rows> rows = (*lease)->query(statement, deadline, commit);
    if (rows.ok() || !rows.error().nothing_sent || again) return judged(std::move(rows));
  }
}

Result<std::vector<Rows>> Pool::transaction(std::vector<Statement> statements, Deadline deadline, Commit commit) {
  for (bool again = false;; again = true) {
    Result<Lease> lease = borrow(deadline);
    if (!lease) return lease.error();
    Result<std::vector<Rows>> rows = (*lease)->transaction(statements, deadline, commit);
    if (rows.ok() || !rows.error().nothing_sent || again) return judged(std::move(rows));
  }
}

}  // namespace calint::postgres
