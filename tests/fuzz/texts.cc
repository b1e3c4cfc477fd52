// pages/texts_file, message, sentences and languages: an administrator's file of texts, the same text as a template
// that names texts, and as the header that says which language is wanted.
#include <vector>

#include "fuzz.h"
#include "pages/languages.h"
#include "pages/sentences.h"

using namespace calint;

namespace {

const std::vector<pages::Language>& languages() {
  static const auto loaded = [] {
    std::vector<pages::Language> all = pages::load_languages("").value();
    for (const char* tag : {"de", "ar", "zh-Hant"})
      all.push_back(pages::Language::make(tag, all.front().texts()).value());
    return all;
  }();
  return loaded;
}

// A message says something whatever its arguments are.
void check_message(const pages::Message& message) {
  static const pages::Locale locale = pages::Locale::make("pl").value();
  for (const int64_t count : {int64_t{0}, int64_t{1}, int64_t{3}, INT64_MIN}) {
    std::vector<pages::Argument> arguments;
    for (const auto& [name, kind] : message.parameters())
      if (kind == pages::ParameterKind::count)
        arguments.push_back({name, count});
      else
        arguments.push_back({name, std::string("{x}")});
    (void)message.say(arguments, locale);
  }
  size_t named = 0;
  if (const auto parts = message.parts())
    for (const auto& part : *parts) named += part.argument.empty() ? 0 : 1;
  MUST(named >= message.parameters().size() || !message.parts());
}

void check_refusal(const Error& error, std::string_view input) {
  MUST(error.fault == Fault::bad_input && !error.what.empty() && error.what.size() <= 500 + 3 * input.size());
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (const auto texts = pages::parse_texts(input)) {
    for (const auto& [id, message] : *texts) check_message(message);
    if (Status checked = pages::check_texts(*texts, languages().front().texts()); !checked)
      check_refusal(checked.error(), input);
  } else {
    check_refusal(texts.error(), input);
  }
  const auto page = pages::with_sentences(input, languages().front());
  if (!page) check_refusal(page.error(), input);
  MUST(!page || input.find("{{") != std::string_view::npos || *page == input);

  static const pages::LanguageChoice choice(languages());
  MUST(choice.best(std::string(input)) < languages().size());
  return 0;
}
