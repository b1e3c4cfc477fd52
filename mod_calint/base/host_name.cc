#include "base/host_name.h"

#include <algorithm>

namespace calint {

bool is_host_name(std::string_view text) {
  auto belongs = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= 253 && text.front() != '.' && text.front() != '-' && text.back() != '.' &&
         text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), belongs);
}

bool is_tenant(std::string_view text) {
  if (text == "common" || text == "organizations" || text == "consumers") return true;
  // An id has dashes where a domain has dots.
  return is_host_name(text) && (text.find('.') != std::string_view::npos || text.size() == 36);
}

}  // namespace calint
