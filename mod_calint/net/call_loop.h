// Many calls to providers at once in one thread, over libcurl's multi interface.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <functional>
#include <memory>

namespace calint {

// Runs tasks, each on a stack of its own (net/fiber.h). While a task waits, for the answer to a Transport's request
// over libcurl or in pause(), the others go on; anything else that it does, the database too, holds all of them up. An
// answer that comes while the thread is held up counts, even if the call's time ends meanwhile.
//
// Belongs to one thread: made, used and destroyed there. A task holds no lock while it waits.
class CallLoop {
 public:
  // Keeps up to `connections` to providers open. Does no I/O.
  explicit CallLoop(unsigned connections);
  // No task is running.
  ~CallLoop();

  // Runs `task` until it waits or ends. A task may start others.
  void start(std::function<void()> task);
  // How many have not ended.
  size_t running() const;
  // Waits until something happens that a task waits for, for `limit` at most, and goes on with those that can. They may
  // take longer. Both this and start() throw what a task lets out; that task has ended then.
  void wait(std::chrono::milliseconds limit);

  // The loop whose task is running in this thread; nullptr where none is.
  static CallLoop* current();
  // As curl_easy_perform() with `limit` as CURLOPT_TIMEOUT_MS, for the task that is running.
  CURLcode perform(CURL* handle, std::chrono::milliseconds limit);
  // As sleep_for(), for the task that is running.
  void pause(std::chrono::milliseconds time);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Each of them gives the thread away in a task of a loop, and blocks it elsewhere.
CURLcode perform(CURL* handle, std::chrono::milliseconds limit);
void pause(std::chrono::milliseconds time);

}  // namespace calint
