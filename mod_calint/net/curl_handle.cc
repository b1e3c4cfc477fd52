#include "net/curl_handle.h"

#include <mutex>

namespace calint {

void start_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace calint
