// What is asked of a Google account (providers.md, 2.5). Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace calint::google {

// As the `scope` parameter. `openid email` to know the account again; calendarlist.readonly to let people choose
// calendars; freebusy as the authority at booking time; events to read busy time and to write interviews. None of
// them covers another, and people may grant each on its own (2.4).
std::string requested_scope();

// The granted scopes in the spelling of the request: Google gives `email` and `profile` back as URLs (2.4).
std::set<std::string> normalised_scopes(const std::set<std::string>& granted);

// What was asked and isn't in `granted`, in the order of the request. An answer that names no scope granted all
// of them (RFC 6749, 5.1).
std::vector<std::string> missing_scopes(const std::set<std::string>& granted);

}  // namespace calint::google
