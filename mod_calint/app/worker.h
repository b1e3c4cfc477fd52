// Background work of one node: what is due, a little at a time.
#pragma once

#include <chrono>
#include <functional>

#include "app/runtime.h"
#include "base/log.h"

namespace calint::app {

// Used by one thread at a time. Any threads that it runs jobs on have ended when run() returns.
class Worker {
 public:
  struct Options {
    unsigned threads = 8;  // most jobs at once
  };

  // What is passed by reference outlives the worker. `stopping` is asked before each job.
  Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options);

  // Works off what is due now; returns how long nothing more is due: at most 2 s, jittered, so that nodes don't ask
  // the database in step. Returns within the length of one provider call once stopping() says so. A database that
  // can't be reached is logged once, until it is back.
  std::chrono::milliseconds run();

 private:
  Runtime& runtime_;
  LogSink& log_;
  const std::function<bool()> stopping_;
  const Options options_;
  bool complained_ = false;
};

}  // namespace calint::app
