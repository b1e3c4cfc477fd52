// Outlook: the Microsoft identity platform v2 and Microsoft Graph (providers.md, section 3).
#pragma once

#include <string>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint::outlook {

// The global cloud's addresses (3.1). "{tenant}" in them stands for the client's tenant, or else for `tenant`.
struct Options {
  std::string tenant = "common";  // or organizations, consumers, a tenant's id or domain: who can sign in
  std::string authorize_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize";
  std::string token_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token";
  std::string api_url = "https://graph.microsoft.com/v1.0";
  // Expected in authorization responses and id_tokens, where Microsoft should begin to name one. Empty: authorization
  // responses needn't carry one, and id_tokens must be of the token endpoint's host and of a tenant that may sign in.
  std::string issuer;
};

// What follows is in the file of its name: oauth.cc, calendars.cc, changes.cc, events.cc. `transport` must outlive the
// result, here and there.
Provider make_provider(const Options& options, Transport& transport);

// refusal goes by AADSTS number: access_denied may also mean that an administrator must consent. exchange: corrupt with
// code "id_token" where that is missing or isn't for this flow; bad_input with Detail::admin_consent where an
// administrator must consent first. refresh: a new refresh token comes each time; the one before it stays good (3.4).
// There is no revocation.
std::unique_ptr<OAuth> make_oauth(Options options, Transport& transport);

// list: corrupt for a list that doesn't end or leads away from the API's origin; forbidden with Detail::no_mailbox for
// an account without one.
std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport);

// read: Graph tells of the window alone, which the cursor holds. The zone is the mailbox', asked for as a round begins.
// unavailable with code "foreign_link" for a link away from the API's origin: the access token goes where it leads.
std::unique_ptr<Changes> make_changes(Options options, Transport& transport);

// create: an event's key is its transactionId, by which Graph answers a repeat with the event or refuses it; for how
// long isn't documented. Outlook writes to every guest: who isn't to hear is named in the text and is none.
std::unique_ptr<Events> make_events(Options options, Transport& transport);

}  // namespace calint::outlook
