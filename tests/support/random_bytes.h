// A seeded source of test material: the same bytes on every run and every machine.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace calint::test {

class RandomBytes {
 public:
  explicit RandomBytes(uint64_t seed) : engine_(seed) {}

  std::string bytes(size_t count) {
    std::string out(count, '\0');
    for (char& c : out) c = static_cast<char>(engine_() & 0xff);
    return out;
  }
  // 0 .. end - 1; `end` is small, so that the bias doesn't matter.
  size_t below(size_t end) { return static_cast<size_t>(engine_() % end); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace calint::test
