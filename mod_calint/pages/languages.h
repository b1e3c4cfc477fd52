// The languages that there are: the shipped ones, and what an administrator replaces or adds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pages/language.h"

namespace calint::pages {

// English first. Each has every text: what its files lack is said in English. bad_input, naming file and reason,
// where a file of <template_dir>/texts can't be read, isn't called after a language, or has texts that don't fit the
// ids; an empty `template_dir` has none.
Result<std::vector<Language>> load_languages(const std::string& template_dir);

// Which of them a reader wants. Immutable once made; safe from any thread.
class LanguageChoice {
 public:
  explicit LanguageChoice(const std::vector<Language>& languages);
  ~LanguageChoice();
  LanguageChoice(LanguageChoice&&) noexcept;

  // The index of the one that suits an Accept-Language best (RFC 9110, section 12.5.4), which may be anything; the
  // first where none does.
  size_t best(const std::string& accept_language) const;

 private:
  struct Icu;
  std::unique_ptr<const Icu> icu_;  // null: there is no choice
};

}  // namespace calint::pages
