#include "base/error.h"

#include "base/words.h"

namespace calint {
namespace {

constexpr std::array<Word<Detail>, 18> kDetails = {{
    {Detail::none, "none"},
    {Detail::refused, "refused"},
    {Detail::sign_in_policy, "sign_in_policy"},
    {Detail::admin_consent, "admin_consent"},
    {Detail::no_mailbox, "no_mailbox"},
    {Detail::own_limit, "own_limit"},
    {Detail::deleted, "deleted"},
    {Detail::no_room, "no_room"},
    {Detail::unopened, "unopened"},
    {Detail::state, "state"},
    {Detail::csrf, "csrf"},
    {Detail::lock_taken, "lock_taken"},
    {Detail::no_such_table, "no_such_table"},
    {Detail::no_such_column, "no_such_column"},
    {Detail::missing, "missing"},
    {Detail::too_long, "too_long"},
    {Detail::client_refused, "client_refused"},
    {Detail::service_keys, "service_keys"},
}};
static_assert(is_word_table(kDetails));

}  // namespace

std::string_view to_string(Detail detail) { return kDetails[static_cast<size_t>(detail)].name; }

std::string code_of(const Error& error) {
  if (error.detail == Detail::none) return error.code;
  const std::string detail(to_string(error.detail));
  return error.code.empty() || error.code == detail ? detail : error.code + ", " + detail;
}

std::string text_of(const Error& error) {
  const std::string code = code_of(error);
  return code.empty() ? error.what : error.what + " (" + code + ")";
}

}  // namespace calint
