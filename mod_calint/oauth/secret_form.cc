#include "oauth/secret_form.h"

#include "base/encoding.h"

namespace calint::oauth {
namespace {

// A byte at a time: a longer string would leave the value behind in freed memory.
void append_encoded(std::string& form, std::string_view value) {
  for (const char& byte : value) form += percent_encode(std::string_view(&byte, 1));
}

}  // namespace

Secret secret_form(const std::vector<std::pair<std::string_view, std::string_view>>& fields) {
  size_t longest = 0;
  for (const auto& [name, value] : fields) longest += 3 * (name.size() + value.size()) + 2;
  std::string form;
  form.reserve(longest);  // so that it never moves
  for (const auto& [name, value] : fields) {
    if (!form.empty()) form += '&';
    append_encoded(form, name);
    form += '=';
    append_encoded(form, value);
  }
  return Secret(std::move(form));
}

}  // namespace calint::oauth
