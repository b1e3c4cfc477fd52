// From view models to the values that templates name. Every text is HTML-escaped here, so that no template,
// shipped or replaced, can leave it out; a text that is empty counts as missing.
#pragma once

#include <kainjow/mustache.hpp>

#include "pages/pages.h"

namespace calint::pages {

// For rendering in a CalendarContext.
kainjow::mustache::data data_of(const SettingsPage& page);
kainjow::mustache::data data_of(const CalendarRow& calendar);
kainjow::mustache::data data_of(const DisconnectPage& page);
kainjow::mustache::data data_of(const SwitchPage& page);
kainjow::mustache::data data_of(const CredentialsPage& page);
kainjow::mustache::data data_of(const OrganizationPage& page);
kainjow::mustache::data data_of(const MessagePage& page);

}  // namespace calint::pages
