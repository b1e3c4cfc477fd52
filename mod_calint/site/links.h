// URLs of the pages, with what their queries say.
#pragma once

#include <string>
#include <string_view>

#include "base/paths.h"
#include "site/exchange.h"

namespace calint::site {

// `path` with name=value added to its query.
std::string with_query(const std::string& path, std::string_view name, std::string_view value);

// To the user's page, for those who have come to another.
pages::MessagePage::Action link_to_settings(const Visit& visit);

// `path` with return_to in its query, unless that is empty.
std::string with_return_to(const std::string& path, const std::string& return_to);

// The page that asks before another account or provider takes over. `changed`: it turned out on the way that it must
// be asked.
std::string switch_question(ProviderId to, bool changed, const std::string& return_to);

}  // namespace calint::site
