// Names of hosts, and of the tenants that may be called after one. Pure.
#pragma once

#include <string_view>

namespace calint {

// Letters, digits and dashes between single dots, at most 253 bytes: a host's name as a configuration may write it.
bool is_host_name(std::string_view text);

// A tenant of the Microsoft identity platform, as CalIntTenant takes it: common, organizations, consumers, a tenant's
// id or one of its domains.
bool is_tenant(std::string_view text);

}  // namespace calint
