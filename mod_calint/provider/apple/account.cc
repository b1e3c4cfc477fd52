#include "provider/apple/account.h"

#include <algorithm>

#include "base/text.h"
#include "base/utf8.h"

namespace calint::apple {
namespace {

constexpr size_t kLongestAccount = 254;  // of an e-mail address (RFC 5321, 4.5.3.1)
constexpr size_t kLongestPassword = 128;
constexpr size_t kLetters = 16;
constexpr size_t kGroup = 4;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// "abcdefghijklmnop" or "abcd-efgh-ijkl-mnop".
bool has_apples_form(std::string_view password) {
  if (password.size() == kLetters) return std::all_of(password.begin(), password.end(), is_letter);
  if (password.size() != kLetters + kLetters / kGroup - 1) return false;
  for (size_t i = 0; i < password.size(); ++i)
    if (i % (kGroup + 1) == kGroup ? password[i] != '-' : !is_letter(password[i])) return false;
  return true;
}

Error refused(const char* what, Detail detail = Detail::none) {
  return Error{.fault = Fault::bad_input, .what = what, .detail = detail, .nothing_sent = true};
}

}  // namespace

Result<std::string> normalised_account(std::string_view typed) {
  std::string account = lower_case(trimmed(typed));
  if (account.empty()) return refused("an account is missing", Detail::missing);
  if (account.size() > kLongestAccount) return refused("an account is too long", Detail::too_long);
  if (account.find(':') != std::string::npos || std::any_of(account.begin(), account.end(), is_control) ||
      clean_utf8(account, kLongestAccount) != account)
    return refused("an account has a character that can't be sent");
  return account;
}

Result<Secret> normalised_password(std::string_view typed) {
  const std::string_view password = trimmed(typed);
  if (password.empty()) return refused("a password is missing", Detail::missing);
  if (password.size() > kLongestPassword) return refused("a password is too long", Detail::too_long);
  if (std::any_of(password.begin(), password.end(), is_control))
    return refused("a password has a character that can't be sent");
  if (!has_apples_form(password)) return Secret(password);
  std::string shown;
  shown.reserve(kLetters + kLetters / kGroup);  // so that it never moves
  size_t letters = 0;
  for (const char c : password) {
    if (c == '-') continue;
    if (letters > 0 && letters % kGroup == 0) shown += '-';
    shown += lower(c);
    ++letters;
  }
  return Secret(std::move(shown));
}

}  // namespace calint::apple
