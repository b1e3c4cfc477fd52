// The text of a page template, put together from its parts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pages/language.h"

namespace calint::pages {

// The template `name` with the language's sentences in their places (sentences.h), and every `{{> part}}` replaced by
// that part's text. A template or part is the file <template_dir>/<name>.mustache where there is one (an empty
// `template_dir` has none), else the embedded one. Every file is whole in itself: no section and no sentence reaches
// from one into another.
//
// bad_input, naming file and reason, where a file can't be read, doesn't parse, changes the delimiters, or names a
// sentence that can't stand there, a part that isn't there or one that contains itself.
Result<std::string> load_template(const std::string& template_dir, const Language& language, std::string_view name);

}  // namespace calint::pages
