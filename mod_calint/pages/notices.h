// How a notice is shown.
#pragma once

#include <string_view>

#include "base/words.h"
#include "pages/language.h"
#include "pages/pages.h"

namespace calint::pages {

// What a notice says, with the connected provider's name where there is one.
Banner banner_of(const Language& language, Notice notice, std::string_view provider_name);

}  // namespace calint::pages
