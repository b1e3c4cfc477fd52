#include "provider/google/scopes.h"

#include <array>
#include <string_view>

namespace calint::google {
namespace {

constexpr std::array<std::string_view, 5> kRequested = {
    "openid",
    "email",
    "https://www.googleapis.com/auth/calendar.calendarlist.readonly",
    "https://www.googleapis.com/auth/calendar.freebusy",
    "https://www.googleapis.com/auth/calendar.events",
};

}  // namespace

std::string requested_scope() {
  std::string scope;
  for (const std::string_view one : kRequested) {
    if (!scope.empty()) scope += ' ';
    scope += one;
  }
  return scope;
}

std::set<std::string> normalised_scopes(const std::set<std::string>& granted) {
  constexpr std::string_view kUserInfo = "https://www.googleapis.com/auth/userinfo.";
  std::set<std::string> scopes;
  for (const std::string& scope : granted) {
    const bool is_sign_in = scope.starts_with(kUserInfo);
    scopes.insert(is_sign_in ? scope.substr(kUserInfo.size()) : scope);
  }
  return scopes;
}

std::vector<std::string> missing_scopes(const std::set<std::string>& granted) {
  std::vector<std::string> missing;
  if (granted.empty()) return missing;
  const std::set<std::string> scopes = normalised_scopes(granted);
  for (const std::string_view one : kRequested)
    if (!scopes.contains(std::string(one))) missing.emplace_back(one);
  return missing;
}

}  // namespace calint::google
