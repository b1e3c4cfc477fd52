// The three providers of BR-455.3 and no other.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace calint {

enum class ProviderId { google, outlook, apple };

inline constexpr std::array<ProviderId, 3> kProviders = {ProviderId::google, ProviderId::outlook, ProviderId::apple};

// As in URLs and the database.
constexpr std::string_view to_string(ProviderId id) {
  switch (id) {
    case ProviderId::google: return "google";
    case ProviderId::outlook: return "outlook";
    case ProviderId::apple: return "apple";
  }
  return "";
}

// As people know them.
constexpr std::string_view display_name(ProviderId id) {
  switch (id) {
    case ProviderId::google: return "Google Calendar";
    case ProviderId::outlook: return "Microsoft Outlook";
    case ProviderId::apple: return "Apple Calendar";
  }
  return "";
}

// Whether the provider has a call that ends a grant. Microsoft and Apple have none: there only the user can end it.
constexpr bool has_revocation(ProviderId id) { return id == ProviderId::google; }

constexpr std::optional<ProviderId> parse_provider(std::string_view name) {
  for (ProviderId id : kProviders)
    if (to_string(id) == name) return id;
  return std::nullopt;
}

}  // namespace calint
