#include "runtime/keeper.h"

#include <exception>
#include <iterator>
#include <system_error>

#include "base/signals_blocked.h"

namespace calint {

namespace {

// What throws has no memory, which may come back: it is tried again until its time is over.
bool is_over(Keeper::Task& task, Deadline until) try {
  if (!until.passed()) return task.run(until.at_most(Keeper::kTry));
  task.give_up();
  return true;
} catch (const std::exception&) {
  return until.passed();
}

}  // namespace

Keeper::~Keeper() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    end_ = Deadline::in(kLastTries);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool Keeper::keep(std::unique_ptr<Task>& task, Deadline until) try {
  {
    const std::lock_guard lock(mutex_);
    if (ending_ || count_ == kMost) return false;
    if (!thread_.joinable()) {
      const SignalsBlocked blocked;
      thread_ = std::thread([this] { work(); });
    }
    waiting_.push_back({std::move(task), until});
    ++count_;
  }
  changed_.notify_all();
  return true;
} catch (const std::system_error&) {
  return false;  // no thread is to be had
}

void Keeper::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<Kept> tasks = std::move(waiting_);
    waiting_.clear();
    lock.unlock();
    tasks = tried(std::move(tasks));
    lock.lock();
    const bool is_troubled = !tasks.empty();
    count_ = waiting_.size() + tasks.size();
    std::move(tasks.begin(), tasks.end(), std::back_inserter(waiting_));
    if (is_troubled) changed_.wait_for(lock, kPause);
  }
}

// What is left of them.
std::vector<Keeper::Kept> Keeper::tried(std::vector<Kept> tasks) {
  std::vector<Kept> left;
  for (Kept& one : tasks) {
    Deadline until = one.until;
    {
      const std::lock_guard lock(mutex_);
      if (ending_) until = until.at_most(end_.remaining());
    }
    if (!is_over(*one.task, until)) left.push_back(std::move(one));
    one.task.reset();
  }
  return left;
}

}  // namespace calint
