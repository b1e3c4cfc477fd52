// A file of texts: a JSON object whose members are ids and, in one language, what they say.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pages/message.h"

namespace calint::pages {

using Texts = std::map<std::string, Message, std::less<>>;

// bad_input with the reason, and the line or the id, where it isn't such a file in UTF-8, has an id twice, or a text
// that is no message (message.h), is longer than 4,096 bytes or says nothing.
Result<Texts> parse_texts(std::string_view json);

// bad_input with the first id that `master` doesn't have, or that takes other arguments there.
Status check_texts(const Texts& texts, const Texts& master);

}  // namespace calint::pages
