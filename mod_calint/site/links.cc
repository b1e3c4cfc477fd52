#include "site/links.h"

#include <fmt/format.h>

#include "base/encoding.h"

namespace calint::site {

std::string with_query(const std::string& path, std::string_view name, std::string_view value) {
  const char joint = path.find('?') == std::string::npos ? '?' : '&';
  return fmt::format("{}{}{}={}", path, joint, name, percent_encode(value));
}

pages::MessagePage::Action link_to_settings(const Visit& visit) {
  return {std::string(kSettingsPath), visit.say(texts::link::settings{})};
}

std::string with_return_to(const std::string& path, const std::string& return_to) {
  return return_to.empty() ? path : with_query(path, "return_to", return_to);
}

std::string switch_question(ProviderId to, bool changed, const std::string& return_to) {
  std::string question = with_query(std::string(kSwitchPath), "to", to_string(to));
  if (changed) question = with_query(question, "changed", "1");
  return with_return_to(question, return_to);
}

}  // namespace calint::site
