// Pages as a person would meet them, and small questions about HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pages/pages.h"
#include "pages/renderer.h"

namespace calint::test {

pages::SettingsPage not_connected_page();
pages::SettingsPage connected_page();
// Nothing is ticked, and the destination is gone.
pages::SettingsPage choose_again_page();
pages::SettingsPage reading_page();
pages::SettingsPage expired_page();
pages::SettingsPage failing_page();
pages::SettingsPage pending_page();
// Interviews stay in a former calendar: two are listed, and one more isn't.
pages::SettingsPage stranded_page();
pages::DisconnectPage disconnect_page();
pages::SwitchPage switch_page();
pages::CredentialsPage credentials_page();
pages::OrganizationRules organization_rules();
pages::OrganizationPage organization_page();
pages::MessagePage message_page();

struct NamedHtml {
  std::string name;
  std::string html;
};

// Every page in every state that looks different, rendered with the shipped templates.
std::vector<NamedHtml> all_pages();

// With the shipped templates; they are known to load.
const pages::Renderer& shipped();

size_t count(std::string_view text, std::string_view part);
inline bool contains(std::string_view text, std::string_view part) { return count(text, part) > 0; }

}  // namespace calint::test
