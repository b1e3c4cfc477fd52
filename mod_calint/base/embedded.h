// Files that the build put into the binary: migrations, templates, static files.
#pragma once

#include <span>
#include <string_view>

namespace calint::embedded {

struct File {
  std::string_view path;  // in the source tree, e.g. "sql/migrations/0001_initial.sql"
  std::string_view bytes;
  std::string_view sha256;  // of the bytes, in hexadecimal
};

// All of them, sorted by path. Static storage.
std::span<const File> files();

// The bytes of the one with this path; a path that isn't there throws std::logic_error.
std::string_view file(std::string_view path);

}  // namespace calint::embedded
