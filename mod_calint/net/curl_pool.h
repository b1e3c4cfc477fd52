// Kept libcurl handles: a new one looks names up and shakes hands anew.
#pragma once

#include <mutex>
#include <vector>

#include "net/curl_handle.h"

namespace calint {

// Safe from any thread. A handle that is out belongs to whoever took it.
class CurlPool {
 public:
  // Keeps at most `max_idle` handles while they aren't used.
  explicit CurlPool(unsigned max_idle) : max_idle_(max_idle) {}

  // The handle used last, so with the warmest connections, or a new one. Options are libcurl's defaults.
  // Throws std::bad_alloc where libcurl has no memory.
  CurlHandle take();

  // Takes the handle back, without its options; its connections stay. Options may point at memory of the
  // caller's only until then.
  void give_back(CurlHandle handle);

 private:
  const unsigned max_idle_;
  std::mutex mutex_;
  std::vector<CurlHandle> idle_;  // guarded by mutex_
};

}  // namespace calint
