// Owners of libcurl's objects.
#pragma once

#include <curl/curl.h>

#include <memory>

namespace calint {

// Sets libcurl's global state up, once in a process; to be called before anything else of it. It is shared with the
// whole process, so it is never taken down.
void start_libcurl();

struct CurlRelease {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
// Holds connections, TLS sessions and DNS answers. One thread at a time.
using CurlHandle = std::unique_ptr<CURL, CurlRelease>;

struct CurlListRelease {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlList = std::unique_ptr<curl_slist, CurlListRelease>;

}  // namespace calint
