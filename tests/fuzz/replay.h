// The targets of the program that replays corpora.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace calint::fuzz {

struct Target {
  const char* name;  // of its file
  int (*run)(const uint8_t* data, size_t size);
};

const std::vector<Target>& targets();

}  // namespace calint::fuzz
