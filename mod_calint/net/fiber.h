// A function on a stack of its own, left in its middle and gone on with later: what waits reads like what doesn't.
#pragma once

#include <functional>
#include <memory>

namespace calint {

// Belongs to one thread: made, gone on with and destroyed there. Of its stack's memory as much is used as the
// function needs; below it lies a page that nothing may touch.
class Fiber {
 public:
  // Runs nothing yet.
  explicit Fiber(std::function<void()> function);
  // Not under way.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs the function until it leaves or returns. Called from outside it, and no more once it has returned.
  // Throws what the function let out; std::bad_alloc where there is no memory for a stack.
  void go_on();

  // Called by the function itself: go_on() returns, and the next one continues here. The function holds no lock and
  // handles no exception meanwhile: both belong to the thread.
  void leave();

  // Begun, and not returned.
  bool is_under_way() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calint
