// Byte strings that are joined so that no two lists of them give the same bytes.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace calint::crypto {

inline void append_big_endian(std::string& out, uint32_t number) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xff);
}

// The part's length (4 bytes, big endian), then the part.
inline void append_part(std::string& out, std::string_view part) {
  if (part.size() > UINT32_MAX) throw std::length_error("a part is longer than its length field can say");
  append_big_endian(out, static_cast<uint32_t>(part.size()));
  out += part;
}

}  // namespace calint::crypto
