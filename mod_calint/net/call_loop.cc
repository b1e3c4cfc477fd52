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
  CURLcode result = CURLE_OK;              // of the call that its task waited for
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
    running_loop = &loop;
    current = &runner;
    try {
      runner.fiber.go_on();
    } catch (const std::bad_alloc&) {  // no stack
      runner.thrown = std::current_exception();
      runner.task = nullptr;
      runner.is_busy = false;
    }
    running_loop = nullptr;
    if (!runner.is_busy) --running;
    if (runner.thrown) std::rethrow_exception(std::exchange(runner.thrown, nullptr));
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
  CURLM* const multi = impl_->multi.get();
  int active = 0;
  curl_multi_perform(multi, &active);
  Runner* runner = impl_->next();
  if (runner == nullptr) {
    auto nearest = Time::now() + limit;
    for (const Runner& one : impl_->runners)
      if (one.until) nearest = std::min(nearest, *one.until);
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(nearest - Time::now());
    curl_multi_poll(multi, nullptr, 0, std::max(0, static_cast<int>(time.count())), nullptr);
    curl_multi_perform(multi, &active);
    runner = impl_->next();
  }
  for (; runner != nullptr; runner = impl_->next()) impl_->go_on(*runner);
}

CallLoop* CallLoop::current() { return running_loop; }

CURLcode CallLoop::perform(CURL* handle) {
  Runner* const runner = impl_->current;
  curl_easy_setopt(handle, CURLOPT_PRIVATE, runner);
  if (curl_multi_add_handle(impl_->multi.get(), handle) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  runner->fiber.leave();
  return runner->result;
}

void CallLoop::pause(std::chrono::milliseconds time) {
  Runner* const runner = impl_->current;
  runner->until = Time::now() + time;
  runner->fiber.leave();
}

CURLcode perform(CURL* handle) {
  CallLoop* const loop = CallLoop::current();
  return loop == nullptr ? curl_easy_perform(handle) : loop->perform(handle);
}

void pause(std::chrono::milliseconds time) {
  CallLoop* const loop = CallLoop::current();
  if (loop == nullptr) return std::this_thread::sleep_for(time);
  loop->pause(time);
}

}  // namespace calint
