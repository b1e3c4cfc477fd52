// Google's requests (providers.md, section 2). Pure.
#pragma once

#include <string>
#include <vector>

#include "net/transport.h"
#include "oauth/token_client.h"
#include "provider/provider.h"

namespace calint {

// Where Google is. The defaults are its own (providers.md, 2.1); others serve tests.
struct GoogleOptions {
  std::string authorize_url = "https://accounts.google.com/o/oauth2/v2/auth";
  std::string token_url = "https://oauth2.googleapis.com/token";
  std::string revoke_url = "https://oauth2.googleapis.com/revoke";
  std::string api_url = "https://www.googleapis.com/calendar/v3";
  std::string issuer = "https://accounts.google.com";  // of authorization responses; empty: not checked
};

namespace google {

// What is asked for, and why: `openid email` to know the account again; calendarlist.readonly to let people choose
// calendars; freebusy as the authority at booking time; events to read busy time and write interviews. Google grants
// each on its own (2.4), and none covers another (2.5).
const std::vector<std::string>& scopes();

std::string authorize_url(const GoogleOptions& options, const AuthorizeParameters& parameters);
oauth::TokenRequest exchange_request(const GoogleOptions& options, const OAuthClient& client,
                                     const CodeExchange& exchange);
oauth::TokenRequest refresh_request(const GoogleOptions& options, const OAuthClient& client,
                                    const Secret& refresh_token);
HttpRequest revoke_request(const GoogleOptions& options, const Secret& token);
// `page_token` is empty for the first page.
HttpRequest calendar_list_request(const GoogleOptions& options, const Secret& access_token,
                                  const std::string& page_token);

}  // namespace google
}  // namespace calint
