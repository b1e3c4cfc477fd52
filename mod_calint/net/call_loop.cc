#include "net/call_loop.h"

#include <algorithm>
#include <exception>
#include <list>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "net/curl_handle.h"
#include "net/fiber.h"

namespace calint {
namespace {

using Time = std::chrono::steady_clock;

// For what had come by then, of a call whose time ended while its thread did something else.
constexpr std::chrono::milliseconds kToRead{250};

thread_local CallLoop* running_loop = nullptr;

struct MultiRelease {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// A stack that serves one task after the other: making one anew costs more than a task's own work.
struct Runner {
  // Whatever the task holds ends with it.
  void run() {
    try {
      std::exchange(task, nullptr)();
    } catch (...) {
      thrown = std::current_exception();
    }
  }

  std::function<void()> task;              // to be run
  bool is_busy = false;
  std::exception_ptr thrown;
  CURL* call = nullptr;                    // that its task waits for
  Time::time_point begun, ends;            // of the call
  CURLcode result = CURLE_OK;              // of the last call
  std::optional<Time::time_point> until;   // while its task pauses
  Fiber fiber{[this] {
    while (task) {
      run();
      is_busy = false;
      fiber.leave();
    }
  }};
};

}  // namespace

struct CallLoop::Impl {
  explicit Impl(CallLoop& owner) : loop(owner) {}

  void go_on(Runner& runner) {
    CallLoop* const outer_loop = std::exchange(running_loop, &loop);
    Runner* const outer = std::exchange(current, &runner);
    try {
      runner.fiber.go_on();
    } catch (const std::bad_alloc&) {  // no stack
      runner.thrown = std::current_exception();
      runner.task = nullptr;
      runner.is_busy = false;
    }
    running_loop = outer_loop;
    current = outer;
    if (!runner.is_busy) --running;
    if (runner.thrown) std::rethrow_exception(std::exchange(runner.thrown, nullptr));
  }

  // libcurl looks at the clock before it reads. Once for each call, so that it ends.
  void forgive_absence() {
    const auto now = Time::now();
    for (Runner& runner : runners) {
      if (runner.call == nullptr || runner.ends <= driven || runner.ends > now) continue;
      runner.ends = now + kToRead;
      set_time(runner);
      runner.ends = Time::time_point::min();
    }
  }

  static void set_time(const Runner& runner) {
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(runner.ends - runner.begun);
    curl_easy_setopt(runner.call, CURLOPT_TIMEOUT_MS, static_cast<long>(time.count()));
  }

  void drive() {
    int active = 0;
    curl_multi_perform(multi.get(), &active);
    driven = Time::now();
  }

  // One that can go on: its call has ended, or its pause.
  Runner* next() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      // The message ends with the removal.
      CURL* handle = message->easy_handle;
      const CURLcode result = message->data.result;
      char* data = nullptr;
      curl_easy_getinfo(handle, CURLINFO_PRIVATE, &data);
      curl_multi_remove_handle(multi.get(), handle);
      auto* runner = reinterpret_cast<Runner*>(data);
      runner->call = nullptr;
      runner->result = result;
      return runner;
    }
    const auto now = Time::now();
    for (Runner& runner : runners)
      if (runner.until && *runner.until <= now) {
        runner.until.reset();
        return &runner;
      }
    return nullptr;
  }

  CallLoop& loop;
  std::unique_ptr<CURLM, MultiRelease> multi;
  std::list<Runner> runners;
  size_t running = 0;
  Runner* current = nullptr;
  Time::time_point driven = Time::now();  // when libcurl last looked at the calls
};

CallLoop::CallLoop(unsigned connections) : impl_(std::make_unique<Impl>(*this)) {
  start_libcurl();
  impl_->multi.reset(curl_multi_init());
  if (!impl_->multi) throw std::bad_alloc();
  curl_multi_setopt(impl_->multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
}

CallLoop::~CallLoop() {
  // Without a task their functions return.
  for (Runner& runner : impl_->runners)
    if (runner.fiber.is_under_way()) runner.fiber.go_on();
}

void CallLoop::start(std::function<void()> task) {
  auto& runners = impl_->runners;
  auto runner = std::find_if(runners.begin(), runners.end(), [](const Runner& one) { return !one.is_busy; });
  if (runner == runners.end()) runner = runners.emplace(runners.end());
  runner->task = std::move(task);
  runner->is_busy = true;
  ++impl_->running;
  impl_->go_on(*runner);
}

size_t CallLoop::running() const { return impl_->running; }

void CallLoop::wait(std::chrono::milliseconds limit) {
  impl_->forgive_absence();
  impl_->drive();
  Runner* runner = impl_->next();
  if (runner == nullptr) {
    auto nearest = Time::now() + limit;
    for (const Runner& one : impl_->runners)
      if (one.until) nearest = std::min(nearest, *one.until);
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(nearest - Time::now());
    curl_multi_poll(impl_->multi.get(), nullptr, 0, std::max(0, static_cast<int>(time.count())), nullptr);
    impl_->drive();
    runner = impl_->next();
  }
  for (; runner != nullptr; runner = impl_->next()) impl_->go_on(*runner);
}

CallLoop* CallLoop::current() { return running_loop; }

CURLcode CallLoop::perform(CURL* handle, std::chrono::milliseconds limit) {
  Runner* const runner = impl_->current;
  runner->begun = Time::now();
  runner->ends = runner->begun + limit;
  curl_easy_setopt(handle, CURLOPT_PRIVATE, runner);
  if (curl_multi_add_handle(impl_->multi.get(), handle) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  runner->call = handle;
  Impl::set_time(*runner);
  runner->fiber.leave();
  return runner->result;
}

void CallLoop::pause(std::chrono::milliseconds time) {
  Runner* const runner = impl_->current;
  runner->until = Time::now() + time;
  runner->fiber.leave();
}

CURLcode perform(CURL* handle, std::chrono::milliseconds limit) {
  if (CallLoop* const loop = CallLoop::current()) return loop->perform(handle, limit);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
  return curl_easy_perform(handle);
}

void pause(std::chrono::milliseconds time) {
  CallLoop* const loop = CallLoop::current();
  if (loop == nullptr) return std::this_thread::sleep_for(time);
  loop->pause(time);
}

}  // namespace calint
