#include "pages/languages.h"

#include <fmt/format.h>
#include <unicode/localematcher.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "base/embedded.h"
#include "pages/replacement.h"

namespace calint::pages {
namespace {

constexpr std::string_view kFolder = "mod_calint/pages/texts/";
constexpr std::string_view kEnglish = "en";
constexpr std::string_view kEnding = ".json";
constexpr size_t kLongestHeader = 256;  // some twenty languages

Error fault_in(std::string_view file, std::string_view reason) { return pages::fault_in("texts", file, reason); }

// By language: "mod_calint/pages/texts/de.json" has those of "de".
using TextsByTag = std::map<std::string, Texts>;

TextsByTag shipped_texts() {
  TextsByTag all;
  for (const embedded::File& file : embedded::files()) {
    if (!file.path.starts_with(kFolder)) continue;
    const std::string_view name = file.path.substr(kFolder.size());
    all.emplace(name.substr(0, name.size() - kEnding.size()), parse_texts(file.bytes).value());
  }
  return all;
}

// Those that are there in `further` replace those in `texts`.
void replace(Texts& texts, Texts&& further) {
  further.merge(texts);
  texts = std::move(further);
}

Status take_replacement(TextsByTag& all, const Texts& master, const std::filesystem::path& path) {
  const std::string file = path.string();
  auto json = read_replacement("texts", file);
  if (!json) return std::move(json).error();
  auto texts = parse_texts(json->value_or(""));
  if (!texts) return fault_in(file, texts.error().what);
  if (Status checked = check_texts(*texts, master); !checked) return fault_in(file, checked.error().what);
  if (auto known = Locale::make(path.stem().string()); !known) return fault_in(file, known.error().what);
  replace(all[path.stem().string()], std::move(*texts));
  return {};
}

Status take_replacements(TextsByTag& all, const Texts& master, const std::string& template_dir) {
  const std::filesystem::path folder = std::filesystem::path(template_dir) / "texts";
  std::error_code error;
  if (template_dir.empty() || !std::filesystem::exists(std::filesystem::symlink_status(folder, error))) return {};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == kEnding) files.push_back(entry->path());
  if (error) return fault_in(folder.string(), error.message());
  std::ranges::sort(files);
  for (const std::filesystem::path& file : files)
    if (Status taken = take_replacement(all, master, file); !taken) return taken;
  return {};
}

}  // namespace

Result<std::vector<Language>> load_languages(const std::string& template_dir) {
  TextsByTag all = shipped_texts();
  const Texts master = all.at(std::string(kEnglish));
  if (Status taken = take_replacements(all, master, template_dir); !taken) return taken.error();
  const Texts english = all.at(std::string(kEnglish));
  std::vector<Language> languages;
  for (auto& [tag, texts] : all) {
    texts.insert(english.begin(), english.end());
    auto language = Language::make(tag, std::move(texts));
    if (!language) return std::move(language).error();
    languages.insert(tag == kEnglish ? languages.begin() : languages.end(), std::move(*language));
  }
  return languages;
}

struct LanguageChoice::Icu {
  std::vector<std::string> tags;
  icu::LocaleMatcher matcher;
};

LanguageChoice::LanguageChoice(const std::vector<Language>& languages) {
  if (languages.size() < 2) return;
  UErrorCode status = U_ZERO_ERROR;
  std::vector<std::string> tags;
  icu::LocaleMatcher::Builder builder;
  for (const Language& language : languages) {
    tags.push_back(language.tag());
    builder.addSupportedLocale(icu::Locale::forLanguageTag(language.tag(), status));
  }
  builder.setNoDefaultLocale();
  auto matcher = builder.build(status);
  if (U_SUCCESS(status)) icu_ = std::make_unique<const Icu>(Icu{std::move(tags), std::move(matcher)});
}

LanguageChoice::~LanguageChoice() = default;
LanguageChoice::LanguageChoice(LanguageChoice&&) noexcept = default;

size_t LanguageChoice::best(const std::string& accept_language) const {
  if (icu_ == nullptr || accept_language.size() > kLongestHeader) return 0;
  UErrorCode status = U_ZERO_ERROR;
  const icu::Locale* found = icu_->matcher.getBestMatchForListString(accept_language, status);
  if (U_FAILURE(status) || found == nullptr) return 0;
  const auto tag = std::ranges::find(icu_->tags, found->toLanguageTag<std::string>(status));
  return U_FAILURE(status) || tag == icu_->tags.end() ? 0 : static_cast<size_t>(tag - icu_->tags.begin());
}

}  // namespace calint::pages
