// The module's fixed URLs (contract, section 3).
#pragma once

#include <string>
#include <string_view>

#include "base/provider_id.h"

namespace calint::app {

inline constexpr std::string_view kAuthPath = "/calendar/auth";
inline constexpr std::string_view kSettingsPath = "/settings/calendar";
inline constexpr std::string_view kDisconnectPath = "/settings/calendar/disconnect";
inline constexpr std::string_view kSwitchPath = "/settings/calendar/switch";
inline constexpr std::string_view kOrganizationPath = "/admin/integrations/calendar";

inline std::string start_path(ProviderId id) { return std::string(kAuthPath) + "/" + std::string(to_string(id)); }

// `path` with name=value added to its query.
std::string with_query(const std::string& path, std::string_view name, std::string_view value);

// The page that asks before another account or provider takes over. `changed`: it turned out on the way that it must
// be asked.
std::string switch_question(ProviderId to, bool changed, const std::string& return_to);

}  // namespace calint::app
