// Ruby on Rails' names of zones, which many an ATS has in its table of users.
//
// Source: ActiveSupport::TimeZone::MAPPING of Rails 7, with two spellings of older ones; the zones by IANA's present
// names.
#pragma once

#include <string_view>

namespace calint::availability {

// The IANA name for a name of Rails ("Eastern Time (US & Canada)"); empty for anything else.
std::string_view rails_zone(std::string_view name);

}  // namespace calint::availability
