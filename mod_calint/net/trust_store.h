// The certificate authorities that are believed, parsed once for a whole process: for each handle anew it costs some
// 20 ms of CPU with the bundle of a usual system.
#pragma once

#include <openssl/types.h>

#include <memory>
#include <string>

#include "base/result.h"

namespace calint {

// Shared by every connection, from any thread. Survives a fork: parsed before it, the children pay nothing.
class TrustStore {
 public:
  // Reads PEM certificates. Empty: the bundle, or the folder, that the system's libcurl believes. operator_fault
  // where there is none to be read.
  static Result<std::shared_ptr<const TrustStore>> load(const std::string& ca_file);

  ~TrustStore();
  TrustStore(const TrustStore&) = delete;
  TrustStore& operator=(const TrustStore&) = delete;

  // Makes a connection's context believe these authorities and no others. `context` keeps a reference of its own.
  void give_to(SSL_CTX* context) const;

 private:
  explicit TrustStore(X509_STORE* store) : store_(store) {}
  X509_STORE* const store_;
};

}  // namespace calint
