#include "provider/caldav/hosts.h"

#include <algorithm>
#include <string_view>

namespace calint::caldav {
namespace {

bool matches(std::string_view host, std::string_view pattern) {
  if (!pattern.starts_with("*.")) return host == pattern;
  const std::string_view domain = pattern.substr(1);
  return host.size() > domain.size() && host.ends_with(domain);
}

}  // namespace

bool may_get_password(const Url& target, const Url& entry, const std::vector<std::string>& patterns) {
  if (!target.is_https() && !(target.is_insecure_loopback() && entry.is_insecure_loopback())) return false;
  if (target.origin() == entry.origin()) return true;
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches(target.host, pattern); });
}

}  // namespace calint::caldav
