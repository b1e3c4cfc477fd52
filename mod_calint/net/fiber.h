// A function on a stack of its own, left in its middle and gone on with later: what waits reads like what doesn't.
#pragma once

#include <functional>
#include <memory>

namespace calint {

// Belongs to one thread: made, gone on with and destroyed there. Its memory is reserved at once and used as far as the
// function needs it; below it lies a page that nothing may touch.
class Fiber {
 public:
  // Runs nothing yet. Throws std::bad_alloc where there is no memory for a stack.
  explicit Fiber(std::function<void()> function);
  // The function has returned, or was never begun.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  // Runs the function until it leaves or returns. Called from outside it. Throws what the function let out.
  void go_on();

  // Called by the function itself: go_on() returns, and the next one continues here. The function holds no lock and
  // handles no exception meanwhile: both belong to the thread.
  void leave();

  bool has_returned() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace calint
