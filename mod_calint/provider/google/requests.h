// What Google is sent (providers.md, section 2). Pure.
#pragma once

#include <string_view>
#include <vector>

#include "base/form.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::google {

// Parameters of the authorization request (2.2), in order.
std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters);

// Forms of the token requests (2.4).
Secret exchange_form(const OAuthClient& client, const CodeExchange& exchange);
Secret refresh_form(const OAuthClient& client, const Secret& refresh_token);

// One page of calendarList.list (2.7), hidden calendars too; an empty `page_token` asks for the first.
HttpRequest calendar_list_request(std::string_view api_url, const Secret& access_token, std::string_view page_token);

// A page of events.list (2.9), of masters, exceptions and single events: whatever ends behind the window's begin, or
// what has changed since the cursor. No titles, places or guests are asked for but the calendar's own answer.
HttpRequest events_request(std::string_view api_url, const Secret& access_token, const provider::ChangesQuery& query);

// Revocation (2.6).
HttpRequest revoke_request(std::string_view revoke_url, const Secret& token);

}  // namespace calint::google
