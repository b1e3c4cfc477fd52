#include "httpd/session_safety.h"

#include <fmt/format.h>

namespace calint::httpd {
namespace {

bool is_named(const ap_directive_t* directive, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (ap_cstr_casecmp(directive->directive, name) == 0) return true;
  return false;
}

bool has_passphrase(const ap_directive_t* siblings) {
  for (const auto* directive = siblings; directive != nullptr; directive = directive->next)
    if (is_named(directive, {"SessionCryptoPassphrase", "SessionCryptoPassphraseFile"})) return true;
  return false;
}

const ap_directive_t* find_open_cookie(const ap_directive_t* siblings, bool encrypted) {
  encrypted = encrypted || has_passphrase(siblings);
  for (const auto* directive = siblings; directive != nullptr; directive = directive->next) {
    if (!encrypted && is_named(directive, {"SessionCookieName", "SessionCookieName2"})) return directive;
    if (const auto* found = find_open_cookie(directive->first_child, encrypted)) return found;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> session_weakness(const ap_directive_t* tree) {
  if (ap_find_linked_module("mod_session.c") == nullptr)
    return "needs mod_session; load it, and mod_session_crypto with mod_session_cookie or mod_session_dbd";
  if (const auto* cookie = find_open_cookie(tree, false))
    return fmt::format(
        "trusts a session that any browser can forge: {} on line {} of {} keeps it in a cookie without encryption; "
        "write \"SessionCryptoPassphrase exec:/path\" (mod_session_crypto) beside it, or use mod_session_dbd",
        cookie->directive, cookie->line_num, cookie->filename);
  return std::nullopt;
}

}  // namespace calint::httpd
