// What was begun in a request that has ended by now and must not be lost: a thread of the process tries until it is
// done.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/clock.h"

namespace calint {

// Thread safe. Its one thread begins with the first task, and takes the tasks in turn.
class Keeper {
 public:
  // Used by the keeper's thread alone. Owns all that it needs; secrets in it are wiped with it.
  class Task {
   public:
    virtual ~Task() = default;
    // One try, which ends by the deadline. True: nothing is left to be done.
    virtual bool run(Deadline deadline) = 0;
    // There is no time for another try: logged by whoever knows what is lost.
    virtual void give_up() = 0;
  };

  static constexpr size_t kMost = 64;                     // tasks at once
  static constexpr std::chrono::milliseconds kTry{1000};  // each
  static constexpr std::chrono::milliseconds kPause{250};
  static constexpr std::chrono::milliseconds kLastTries{1500};  // once the process ends

  Keeper() = default;
  // Joins the thread: within kLastTries and what a try takes.
  ~Keeper();
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // Tried until `until`. False where there are too many, the process ends, or no thread is to be had: `task` is still
  // the caller's then.
  bool keep(std::unique_ptr<Task>& task, Deadline until);

 private:
  struct Kept {
    std::unique_ptr<Task> task;
    Deadline until;
  };

  void work();
  std::vector<Kept> tried(std::vector<Kept> tasks);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Kept> waiting_;
  size_t count_ = 0;  // those that are being tried too
  bool ending_ = false;
  Deadline end_ = Deadline::in({});  // of everything, once ending_
  std::thread thread_;
};

}  // namespace calint
