// Whom the files belong to that an administrator names, because who may change one decides what this process does, and
// who may read one knows its secrets.
#pragma once

#include <sys/stat.h>

#include <string>
#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"

namespace calint {

// The regular file at an absolute path, opened as a place only (O_PATH). Folders and links are followed one by one,
// each from the one before, so that nobody can put another file in its place between look and use: all of them belong
// to root, and nobody else may write to them or, in a sticky folder such as /tmp, replace what is there.
// operator_fault, with what to do, for anything else.
Result<Descriptor> open_roots_file(const std::string& path);

// What is wrong with a file that holds a secret, and what to do; empty where nothing is. It must be a regular one that
// belongs to root or to the user of this process, and that nobody else may read or write.
std::string_view objection_to_secret(const struct stat& file);

// The same for a file that holds no secret, but decides who is let in: others may read it.
std::string_view objection_to_rules(const struct stat& file);

}  // namespace calint
