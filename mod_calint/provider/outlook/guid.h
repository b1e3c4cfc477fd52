// GUIDs, by which Microsoft names tenants, people and requests.
#pragma once

#include <string>
#include <string_view>

namespace calint::outlook {

// In lower case; empty where `text` isn't one.
inline std::string guid(std::string_view text) {
  constexpr size_t kLength = 36;
  if (text.size() != kLength) return "";
  std::string lower(text);
  for (size_t i = 0; i < kLength; ++i) {
    char& c = lower[i];
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? c != '-' : !is_hex) return "";
  }
  return lower;
}

}  // namespace calint::outlook
