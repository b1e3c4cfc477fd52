// The sentences of a template, which names them by the ids of texts:
//
//   {{@ page.heading}}                              the text; {name} in it is the template's {{name}}
//   {{@ page.owner person}}<b>{{name}}</b>{{/@}}    the same, and {person} in it is what stands between
//
// Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pages/language.h"

namespace calint::pages {

// The template with each sentence in its place, as HTML and for any language. bad_input with the reason where there
// is no such text, it doesn't take that argument, or its words depend on a value, such as a count: a template has
// none yet.
Result<std::string> with_sentences(std::string_view text, const Language& language);

}  // namespace calint::pages
