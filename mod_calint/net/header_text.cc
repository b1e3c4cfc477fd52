#include "net/header_text.h"

#include <algorithm>

#include "base/text.h"

namespace calint {
namespace {

// RFC 9110, 5.6.2.
bool is_token_character(char c) {
  constexpr std::string_view kDelimiters = "\"(),/:;<=>?@[\\]{}";
  return is_visible(c) && kDelimiters.find(c) == std::string_view::npos;
}

}  // namespace

bool is_field(std::string_view name, std::string_view value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character) && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](char c) { return is_visible(c) || c == ' '; });
}

bool is_bearer_token(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), is_visible);
}

bool is_basic_credentials(std::string_view user, std::string_view password) {
  return !user.empty() && user.find(':') == std::string_view::npos &&
         std::none_of(user.begin(), user.end(), is_control) &&
         std::none_of(password.begin(), password.end(), is_control);
}

}  // namespace calint
