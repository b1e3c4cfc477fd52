// What Microsoft is sent (providers.md, section 3). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::outlook {

// Parameters of the authorization request (3.2), in order.
std::vector<FormField> authorize_parameters(const AuthorizeParameters& parameters);

// Forms of the token requests (3.3). The client proves itself by `assertion`, or where that is empty by its secret.
Secret exchange_form(const OAuthClient& client, const Secret& assertion, const CodeExchange& exchange);
Secret refresh_form(const OAuthClient& client, const Secret& assertion, const Secret& refresh_token);

// A page of the account's calendars (3.7): the first, or that of a link which parse_calendar_page gave.
HttpRequest calendars_request(std::string_view api_url, const Secret& access_token, std::string_view next_link);

// A page of calendarView/delta (3.9): of a new round over the window, or where a link leads.
HttpRequest delta_request(std::string_view api_url, const Secret& access_token, const provider::ChangesQuery& query);

// One event of a calendar, with what decides how it counts.
HttpRequest event_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                          std::string_view id);

// Which rooms a calendar makes.
HttpRequest calendar_rooms_request(std::string_view api_url, const Secret& access_token, std::string_view calendar);

// An event as it is addressed: in a calendar, or wherever it is in the account's own mailbox.
struct EventAddress {
  std::string calendar;  // empty: wherever it is
  std::string id;
};

// Events one by one (3.10). They are made, and found by their key, in a calendar.
HttpRequest create_request(std::string_view api_url, const Secret& access_token, std::string_view calendar,
                           std::string body);
HttpRequest find_request(std::string_view api_url, const Secret& access_token, const provider::EventPlace& place);
HttpRequest standing_request(std::string_view api_url, const Secret& access_token, const EventAddress& event);
HttpRequest patch_request(std::string_view api_url, const Secret& access_token, const EventAddress& event,
                          std::string_view etag, std::string body);
HttpRequest cancel_request(std::string_view api_url, const Secret& access_token, const EventAddress& event);
HttpRequest delete_request(std::string_view api_url, const Secret& access_token, const EventAddress& event);

// The zone that the mailbox is in.
HttpRequest mailbox_zone_request(std::string_view api_url, const Secret& access_token);

}  // namespace calint::outlook
