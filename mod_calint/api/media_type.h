// What a client sends and takes (RFC 9110, 8.3 and 12.5.1). Pure.
#pragma once

#include <string_view>

namespace calint::api {

// How well a client's Accept takes this type: 0 to 1000, by the most exact range that names it. No Accept takes all.
int quality(std::string_view accept, std::string_view type);

// Whether a Content-Type is this one, whatever its parameters.
bool is_media_type(std::string_view content_type, std::string_view type);

}  // namespace calint::api
