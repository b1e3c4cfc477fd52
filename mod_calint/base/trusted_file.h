// Whom the files belong to that an administrator names, because who may change one decides what this process does, and
// who may read one knows its secrets.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"
#include "base/secret.h"

namespace calint {

// The regular file at an absolute path, opened as a place only (O_PATH). Folders and links are followed one by one,
// each from the one before, so that nobody can put another file in its place between look and use: all of them belong
// to root, and nobody else may write to them or, in a sticky folder such as /tmp, replace what is there.
// operator_fault, with what to do, for anything else.
Result<Descriptor> open_roots_file(const std::string& path);

// What has to be so of a file before it is read.
enum class Trust {
  as_it_is,  // it is a regular one
  rules,     // objection_to_rules()
  secret,    // objection_to_secret()
};

// What the file has. Links are followed, as systemd and Kubernetes hand out credentials by them; a FIFO in its place
// holds nobody up. No copy of the bytes is left behind. operator_fault, with the path and what to do, where it isn't
// there, isn't as `trust` has it, can't be read, or is longer than `most_bytes`.
Result<Secret> read_trusted_file(const std::string& path, Trust trust, size_t most_bytes);

// What is wrong with a file that holds a secret, and what to do; empty where nothing is. It must be a regular one that
// belongs to root or to the user of this process, and that nobody else may read or write.
std::string_view objection_to_secret(const struct stat& file);

// The same for a file that holds no secret, but decides who is let in: others may read it.
std::string_view objection_to_rules(const struct stat& file);

}  // namespace calint
