// The three providers of BR-455.3 and no other.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace calint {

enum class ProviderId { google, outlook, apple };

// What is true of a provider outside of its own code (provider/).
struct ProviderFacts {
  ProviderId id;
  std::string_view name;          // as in URLs and the database
  std::string_view display_name;  // as people know it
  bool has_oauth = false;         // otherwise the user makes a password for us
  bool has_revocation = false;    // has a call that ends a grant; otherwise only the user can end it
  bool grants_by_project = false;  // a grant is a whole project's, whose number its clients' ids begin with
  int calls_at_once = 4;          // to one account's calendars, at most; Google states no bound of its own
  bool has_tenants = false;       // its OAuth clients belong to tenants, and may prove themselves by a certificate
};

inline constexpr std::array<ProviderFacts, 3> kProviders = {{
    {.id = ProviderId::google, .name = "google", .display_name = "Google Calendar", .has_oauth = true,
     .has_revocation = true, .grants_by_project = true},
    {.id = ProviderId::outlook, .name = "outlook", .display_name = "Microsoft Outlook", .has_oauth = true,
     .has_tenants = true},
    {.id = ProviderId::apple, .name = "apple", .display_name = "Apple Calendar",
     .calls_at_once = 1},
}};

constexpr const ProviderFacts& facts(ProviderId id) { return kProviders[static_cast<size_t>(id)]; }
static_assert(facts(ProviderId::apple).id == ProviderId::apple, "the table has the order of ProviderId");

constexpr std::string_view to_string(ProviderId id) { return facts(id).name; }
constexpr std::string_view display_name(ProviderId id) { return facts(id).display_name; }
constexpr bool has_revocation(ProviderId id) { return facts(id).has_revocation; }

// "google, outlook or apple", for messages.
std::string provider_names();

constexpr std::optional<ProviderId> parse_provider(std::string_view name) {
  for (const ProviderFacts& provider : kProviders)
    if (provider.name == name) return provider.id;
  return std::nullopt;
}

}  // namespace calint
