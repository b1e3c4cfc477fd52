#include "base/embedded.h"

#include <stdexcept>
#include <string>

namespace calint::embedded {

std::string_view file(std::string_view path) {
  for (const File& one : files()) {
    if (one.path == path) return one.bytes;
  }
  throw std::logic_error("not embedded: " + std::string(path));
}

}  // namespace calint::embedded
