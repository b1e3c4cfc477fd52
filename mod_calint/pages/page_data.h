// From view models to the values that templates name. Every text is HTML-escaped here, so that no template,
// shipped or replaced, can leave it out; a text that is empty counts as missing.
#pragma once

#include <kainjow/mustache.hpp>

#include "pages/language.h"
#include "pages/pages.h"

namespace calint::pages {

// For rendering in a CalendarContext.
kainjow::mustache::data data_of(const Language& language, const SettingsPage& page);
kainjow::mustache::data data_of(const CalendarRow& calendar);
kainjow::mustache::data data_of(const Language& language, const DisconnectPage& page);
kainjow::mustache::data data_of(const Language& language, const SwitchPage& page);
kainjow::mustache::data data_of(const Language& language, const CredentialsPage& page);
kainjow::mustache::data data_of(const Language& language, const OrganizationPage& page);
kainjow::mustache::data data_of(const Language& language, const MessagePage& page);

}  // namespace calint::pages
