#include "provider/outlook/scopes.h"

#include <strings.h>

#include <array>

namespace calint::outlook {
namespace {

constexpr std::array<const char*, 2> kGraph = {"Calendars.ReadWrite", "MailboxSettings.Read"};

}  // namespace

std::string requested_scope() {
  std::string scope = "openid profile email offline_access";
  for (const char* one : kGraph) scope += std::string(" ") + one;
  return scope;
}

std::set<std::string> normalised_scopes(const std::set<std::string>& granted) {
  std::set<std::string> scopes;
  for (const std::string& scope : granted) {
    std::string name = scope.starts_with("https://") ? scope.substr(scope.rfind('/') + 1) : scope;
    for (const char* known : kGraph)
      if (strcasecmp(name.c_str(), known) == 0) name = known;
    scopes.insert(std::move(name));
  }
  return scopes;
}

std::vector<std::string> missing_scopes(const std::set<std::string>& granted) {
  std::vector<std::string> missing;
  if (granted.empty()) return missing;
  const std::set<std::string> scopes = normalised_scopes(granted);
  for (const char* one : kGraph)
    if (!scopes.contains(one)) missing.emplace_back(one);
  return missing;
}

}  // namespace calint::outlook
