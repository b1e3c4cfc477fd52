#include "net/curl_pool.h"

#include <new>

namespace calint {

CurlHandle CurlPool::take() {
  {
    std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      CurlHandle handle = std::move(idle_.back());
      idle_.pop_back();
      return handle;
    }
  }
  CurlHandle fresh(curl_easy_init());
  if (!fresh) throw std::bad_alloc();
  return fresh;
}

// A handle too many closes its connections after the lock is let go: that may write to the network.
void CurlPool::give_back(CurlHandle handle) {
  curl_easy_reset(handle.get());
  std::lock_guard lock(mutex_);
  if (idle_.size() < max_idle_) idle_.push_back(std::move(handle));
}

}  // namespace calint
