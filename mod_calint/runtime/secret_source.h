// Secrets that the configuration names rather than holds.
#pragma once

#include <string>

#include "base/result.h"
#include "base/secret.h"
#include "crypto/keyset.h"

namespace calint {

// `source` is "file:/path", "exec:/path", "credential:NAME" (systemd's $CREDENTIALS_DIRECTORY) or the secret
// itself. One trailing line end is taken off. operator_fault, with what to do and without the secret, where
// it can't be read, is empty or larger than 64 kB, or where the file is another user's or others can read it.
Result<Secret> read_secret(const std::string& source);

// The keyset from a path, "exec:/path" or "credential:NAME". As read_keyset_file and read_secret.
Result<crypto::Keyset> read_keyset(const std::string& source);

// A file that is no secret, such as a certificate: whatever its mode, of at most 64 kB.
Result<Secret> read_public_file(const std::string& path);

}  // namespace calint
