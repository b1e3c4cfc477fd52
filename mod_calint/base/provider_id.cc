#include "base/provider_id.h"

namespace calint {

std::string provider_names() {
  std::string names;
  for (const ProviderFacts& one : kProviders) {
    if (!names.empty()) names += &one == &kProviders.back() ? " or " : ", ";
    names += one.name;
  }
  return names;
}

}  // namespace calint
