#include "net/fiber.h"

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>
#include <exception>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#elif defined(CALINT_THREAD_SANITIZER)
#include <sanitizer/tsan_interface.h>
#endif

namespace calint {
namespace {

// What the deepest JSON that jansson reads needs, several times over (tests/unit/net/fiber_test.cc).
constexpr size_t kStackBytes = 1 << 20;

// AddressSanitizer and ThreadSanitizer have to be told of a change of stacks.
#if defined(__SANITIZE_ADDRESS__)
class Stacks {
 public:
  void set_own(const boost::context::stack_context& own) {
    own_size_ = own.size;
    own_bottom_ = static_cast<char*>(own.sp) - own.size;
  }
  void before_entering() { __sanitizer_start_switch_fiber(&outer_, own_bottom_, own_size_); }
  void after_leaving() { __sanitizer_finish_switch_fiber(outer_, nullptr, nullptr); }
  void before_leaving(bool for_good) {
    // Not every frame of the library returns, and the memory will be somebody else's.
    if (for_good) __asan_unpoison_memory_region(own_bottom_, own_size_);
    __sanitizer_start_switch_fiber(for_good ? nullptr : &inner_, outer_bottom_, outer_size_);
  }
  void after_entering() { __sanitizer_finish_switch_fiber(inner_, &outer_bottom_, &outer_size_); }

 private:
  void *outer_ = nullptr, *inner_ = nullptr;
  const void *own_bottom_ = nullptr, *outer_bottom_ = nullptr;
  size_t own_size_ = 0, outer_size_ = 0;
};
#elif defined(CALINT_THREAD_SANITIZER)
class Stacks {
 public:
  ~Stacks() {
    if (inner_ != nullptr) __tsan_destroy_fiber(inner_);
  }
  void set_own(const boost::context::stack_context&) { inner_ = __tsan_create_fiber(0); }
  void before_entering() {
    outer_ = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(inner_, 0);
  }
  void after_leaving() {}
  void before_leaving(bool) { __tsan_switch_to_fiber(outer_, 0); }
  void after_entering() {}

 private:
  void *outer_ = nullptr, *inner_ = nullptr;
};
#else
class Stacks {
 public:
  void set_own(const boost::context::stack_context&) {}
  void before_entering() {}
  void after_leaving() {}
  void before_leaving(bool) {}
  void after_entering() {}
};
#endif

}  // namespace

struct Fiber::Impl {
  explicit Impl(std::function<void()> run) : function(std::move(run)) {}

  void begin() {
    boost::context::protected_fixedsize_stack allocator(kStackBytes);
    const auto stack = allocator.allocate();
    stacks.set_own(stack);
    inner = boost::context::fiber(std::allocator_arg, boost::context::preallocated(stack.sp, stack.size, stack),
                                  allocator, [this](boost::context::fiber&& from) { return body(std::move(from)); });
    is_under_way = true;
  }

  boost::context::fiber body(boost::context::fiber&& from) {
    stacks.after_entering();
    outer = std::move(from);
    try {
      function();
    } catch (const boost::context::detail::forced_unwind&) {
      throw;  // this library's own way to end a fiber
    } catch (...) {
      thrown = std::current_exception();
    }
    is_under_way = false;
    stacks.before_leaving(true);
    return std::move(outer);
  }

  const std::function<void()> function;
  Stacks stacks;
  boost::context::fiber inner, outer;  // each while the other one runs
  std::exception_ptr thrown;
  bool is_under_way = false;
};

Fiber::Fiber(std::function<void()> function) : impl_(std::make_unique<Impl>(std::move(function))) {}

Fiber::~Fiber() = default;

void Fiber::go_on() {
  if (!impl_->is_under_way) impl_->begin();
  impl_->stacks.before_entering();
  impl_->inner = std::move(impl_->inner).resume();
  impl_->stacks.after_leaving();
  if (impl_->thrown) std::rethrow_exception(std::exchange(impl_->thrown, nullptr));
}

void Fiber::leave() {
  impl_->stacks.before_leaving(false);
  impl_->outer = std::move(impl_->outer).resume();
  impl_->stacks.after_entering();
}

bool Fiber::is_under_way() const { return impl_->is_under_way; }

}  // namespace calint
