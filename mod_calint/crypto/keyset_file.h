// The file that holds a keyset.
#pragma once

#include <string>

#include "base/result.h"
#include "crypto/keyset.h"

namespace calint::crypto {

// Reads a keyset file. operator_fault, with what to do, where it is missing, not a regular file, readable
// or writable by group or others, or larger than 64 kB; bad_input from Keyset::parse().
Result<Keyset> read_keyset_file(const std::string& path);

// Replaces the file by an atomic rename, mode 0600, synced to disk (file and directory). A symbolic link stays;
// the file it names is replaced. operator_fault with the system's reason; the old file is whole unless only the
// last step, syncing the directory, failed.
Status write_keyset_file(const std::string& path, const Keyset& keyset);

}  // namespace calint::crypto
