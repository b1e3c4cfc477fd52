// What is asked of a Microsoft account (providers.md, 3.3 and 3.7). Pure.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace calint::outlook {

// As the `scope` parameter. `openid profile email` to know the account again and show it; offline_access for a refresh
// token; Calendars.ReadWrite to read calendars and busy time and to write interviews; MailboxSettings.Read for the
// zone that all-day events are meant in.
std::string requested_scope();

// The granted scopes in the spelling of the request: they may come back with the resource in front
// (https://graph.microsoft.com/Calendars.ReadWrite) and in other letters.
std::set<std::string> normalised_scopes(const std::set<std::string>& granted);

// What Graph's calls need and isn't in `granted`. The others show otherwise: as an id_token and a refresh token. An
// answer that names no scope granted all of them (RFC 6749, 5.1).
std::vector<std::string> missing_scopes(const std::set<std::string>& granted);

}  // namespace calint::outlook
