// The service keys that count now: the file of CalIntServiceKeyFile, read again after it changes.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/log.h"
#include "runtime/service_key.h"

namespace calint {

// The text of a file of keys. Whoever may write it lets anybody in, so it belongs to root or to the user of this
// process, and nobody else may write to it; who reads it learns digests of random keys, which open nothing.
// operator_fault where that isn't so, where it isn't there, can't be read, or has more than 1 MB.
Result<std::string> read_service_key_file(const std::string& path);

// Thread safe.
class ServiceKeys {
 public:
  // How soon a change counts, at the latest (contract: 10 s).
  static constexpr std::chrono::seconds kLookEvery{5};

  explicit ServiceKeys(std::string path) : path_(std::move(path)) {}  // empty: there are none

  // The key whose text this is. unauthenticated where there is none, or it has expired; operator_fault where the file
  // can't be used: nobody is let in then. Lines that can't be read are told to `log` once for each change of the file.
  Result<ServiceKey> find(const Secret& key, Instant now, LogSink& log);

 private:
  struct Read {
    Status status;
    std::vector<ServiceKey> keys;  // in the order of their digests
  };
  std::shared_ptr<const Read> current(LogSink& log);

  const std::string path_;
  std::mutex mutex_;
  std::string stamp_;  // of the file as it was read; empty: it wasn't there
  std::chrono::steady_clock::time_point looked_at_{};
  std::shared_ptr<const Read> read_;
};

}  // namespace calint
