// C++ objects that live as long as an APR pool.
#pragma once

#include <memory>
#include <utility>

#include "httpd/apache.h"

namespace calint::httpd {

// A new T that the pool owns: its destructor runs when the pool is cleared or destroyed, in the reverse
// order of adoption.
template <typename T, typename... Args>
T* adopt(apr_pool_t* pool, Args&&... args) {
  auto owned = std::make_unique<T>(std::forward<Args>(args)...);
  apr_pool_cleanup_register(
      pool, owned.get(),
      [](void* object) -> apr_status_t {
        delete static_cast<T*>(object);
        return APR_SUCCESS;
      },
      apr_pool_cleanup_null);
  return owned.release();
}

}  // namespace calint::httpd
