// The module's fixed URLs (contract, section 3).
#pragma once

#include <string>
#include <string_view>

#include "base/provider_id.h"

namespace calint {

inline constexpr std::string_view kAuthPath = "/calendar/auth";
inline constexpr std::string_view kSettingsPath = "/settings/calendar";
inline constexpr std::string_view kDisconnectPath = "/settings/calendar/disconnect";
inline constexpr std::string_view kSwitchPath = "/settings/calendar/switch";
inline constexpr std::string_view kOrganizationPath = "/admin/integrations/calendar";
inline constexpr std::string_view kApiPath = "/calendar/api/v1";
inline constexpr std::string_view kStaticPath = "/calendar/static";  // what everybody may read and caches keep
// Below a provider's start_path: where its flow ends.
inline constexpr std::string_view kCallbackSegment = "/callback";

inline std::string start_path(ProviderId id) { return std::string(kAuthPath) + "/" + std::string(to_string(id)); }

}  // namespace calint
