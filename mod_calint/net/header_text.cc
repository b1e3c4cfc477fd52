#include "net/header_text.h"

#include <algorithm>

namespace calint {
namespace {

bool is_visible(char c) { return c > 0x20 && c < 0x7f; }

bool is_control(char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }

// RFC 9110, 5.6.2.
bool is_token_character(char c) {
  constexpr std::string_view kDelimiters = "\"(),/:;<=>?@[\\]{}";
  return is_visible(c) && kDelimiters.find(c) == std::string_view::npos;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

bool is_field(std::string_view name, std::string_view value) {
  return !name.empty() && std::all_of(name.begin(), name.end(), is_token_character) && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](char c) { return is_visible(c) || c == ' '; });
}

bool is_bearer_token(std::string_view token) {
  return !token.empty() && std::all_of(token.begin(), token.end(), is_visible);
}

bool is_basic_credentials(std::string_view user, std::string_view password) {
  return !user.empty() && user.find(':') == std::string_view::npos &&
         std::none_of(user.begin(), user.end(), is_control) && std::none_of(password.begin(), password.end(), is_control);
}

}  // namespace calint
