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

// Events one by one (2.10, 2.11), each answered with what tells of its standing, and no texts. Whoever writes says
// whether guests are told.
HttpRequest insert_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                           const provider::EventContent& content, std::string body);
HttpRequest event_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place);
HttpRequest patch_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place,
                          bool notifies, std::string_view etag, std::string body);
HttpRequest delete_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place,
                           bool notifies);

// Revocation (2.6).
HttpRequest revoke_request(std::string_view revoke_url, const Secret& token);

}  // namespace calint::google
