#include "net/call_loop.h"

#include <algorithm>
#include <list>
#include <new>
#include <optional>
#include <thread>

#include "net/curl_handle.h"
#include "net/fiber.h"

namespace calint {
namespace {

using Time = std::chrono::steady_clock;

thread_local CallLoop* running_loop = nullptr;

struct MultiRelease {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

struct Task {
  explicit Task(std::function<void()> function) : fiber(std::move(function)) {}
  Fiber fiber;
  CURLcode result = CURLE_OK;              // of the call that it waited for
  std::optional<Time::time_point> until;  // while it pauses
};

}  // namespace

struct CallLoop::Impl {
  // Goes on with a task; ended ones leave the list, also where they throw.
  void go_on(CallLoop* loop, std::list<Task>::iterator task) {
    struct Turn {
      Impl& impl;
      std::list<Task>::iterator task;
      ~Turn() {
        running_loop = nullptr;
        if (!task->fiber.is_under_way()) impl.tasks.erase(task);
      }
    };
    const Turn turn{*this, task};
    running_loop = loop;
    current = task;
    task->fiber.go_on();
  }

  // One task that can go on: its call has ended, or its pause.
  std::optional<std::list<Task>::iterator> next() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      // The message ends with the removal.
      CURL* handle = message->easy_handle;
      const CURLcode result = message->data.result;
      char* data = nullptr;
      curl_easy_getinfo(handle, CURLINFO_PRIVATE, &data);
      curl_multi_remove_handle(multi.get(), handle);
      auto task = *reinterpret_cast<std::list<Task>::iterator*>(data);
      task->result = result;
      return task;
    }
    const auto now = Time::now();
    const auto paused = std::find_if(tasks.begin(), tasks.end(),
                                     [now](const Task& task) { return task.until && *task.until <= now; });
    if (paused == tasks.end()) return std::nullopt;
    paused->until.reset();
    return paused;
  }

  std::unique_ptr<CURLM, MultiRelease> multi;
  std::list<Task> tasks;
  std::list<Task>::iterator current;
};

CallLoop::CallLoop(unsigned connections) : impl_(std::make_unique<Impl>()) {
  start_libcurl();
  impl_->multi.reset(curl_multi_init());
  if (!impl_->multi) throw std::bad_alloc();
  curl_multi_setopt(impl_->multi.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(connections));
}

CallLoop::~CallLoop() = default;

void CallLoop::start(std::function<void()> task) {
  impl_->go_on(this, impl_->tasks.emplace(impl_->tasks.end(), std::move(task)));
}

size_t CallLoop::running() const { return impl_->tasks.size(); }

void CallLoop::wait(std::chrono::milliseconds limit) {
  CURLM* const multi = impl_->multi.get();
  int active = 0;
  curl_multi_perform(multi, &active);
  auto task = impl_->next();
  if (!task) {
    auto nearest = Time::now() + limit;
    for (const Task& one : impl_->tasks)
      if (one.until) nearest = std::min(nearest, *one.until);
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(nearest - Time::now());
    curl_multi_poll(multi, nullptr, 0, std::max(0, static_cast<int>(time.count())), nullptr);
    curl_multi_perform(multi, &active);
    task = impl_->next();
  }
  for (; task; task = impl_->next()) impl_->go_on(this, *task);
}

CallLoop* CallLoop::current() { return running_loop; }

CURLcode CallLoop::perform(CURL* handle) {
  auto task = impl_->current;
  curl_easy_setopt(handle, CURLOPT_PRIVATE, &task);
  if (curl_multi_add_handle(impl_->multi.get(), handle) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  task->fiber.leave();
  return task->result;
}

void CallLoop::pause(std::chrono::milliseconds time) {
  auto task = impl_->current;
  task->until = Time::now() + time;
  task->fiber.leave();
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
