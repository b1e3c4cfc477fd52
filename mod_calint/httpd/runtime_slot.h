// Where a child keeps a server's runtime, and the gate that its end goes through.
#pragma once

#include <atomic>
#include <memory>

#include "runtime/runtime.h"

namespace calint::httpd {

// fill() and close() belong to the child's start and end; use() may be called from any thread between them.
class RuntimeSlot {
 public:
  // The runtime for the length of one call. Empty where there is none.
  class Use {
   public:
    explicit Use(RuntimeSlot& slot) : slot_(slot) { slot_.calls_.fetch_add(1); }
    ~Use() { slot_.calls_.fetch_sub(1); }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    Runtime* get() const { return slot_.runtime_.get(); }

   private:
    RuntimeSlot& slot_;
  };

  void fill(std::unique_ptr<Runtime> runtime) { runtime_ = std::move(runtime); }

  // Deletes the runtime. Under prefork, SIGTERM ends a child from inside a signal handler, maybe in the middle
  // of a call on the same thread: then the runtime is left to the end of the process, because its locks may
  // be held by the frame that never continues.
  void close() {
    if (calls_.load() == 0)
      runtime_.reset();
    else
      static_cast<void>(runtime_.release());
  }

 private:
  std::unique_ptr<Runtime> runtime_;
  std::atomic<int> calls_{0};
};

}  // namespace calint::httpd
