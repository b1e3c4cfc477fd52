// Google and Outlook as a table: what is asserted of both stands once, in twins_*_test.cc.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "net/transport.h"
#include "provider/provider.h"
#include "provider/shared/calendar_list.h"

namespace calint::test {

// A provider, and how it writes what both say. All of it is configured as it comes.
struct Twin {
  std::string name;
  std::string samples;  // the folder, with a slash
  OAuthClient client;
  CodeExchange exchange;  // of the reference
  std::string email;
  std::string exchange_sample;
  std::string token_url;

  std::unique_ptr<OAuth> (*oauth)(Transport& transport);
  std::unique_ptr<Calendars> (*calendars)(Transport& transport);
  std::vector<FormField> (*authorize_parameters)(const AuthorizeParameters& parameters);
  Secret (*exchange_form)(const OAuthClient& client, const CodeExchange& exchange);
  Secret (*refresh_form)(const OAuthClient& client, const Secret& refresh_token);
  Error (*api_error)(const HttpResponse& response, Instant now);
  Result<provider::CalendarPage> (*parse_calendar_page)(const HttpResponse& response, Instant now);

  // Members of a page of calendars and of a calendar.
  std::string entries, next, calendar_name, color, is_primary;
  // What leads to the n-th page.
  std::string (*next_page)(int n);
};

const std::vector<Twin>& twins();

inline constexpr Instant kTwinsNow{std::chrono::seconds(1795597200)};

// The answer with these entries, separated by commas, and this way to the next page.
HttpResponse calendar_page(const Twin& twin, std::string_view entries, std::string_view next = "");
// The page that this body is.
Result<provider::CalendarPage> read_page(const Twin& twin, std::string_view body);

}  // namespace calint::test

// Compares, and names the twin on failure.
#define CHECK_OF(twin, condition) ck_assert_msg((condition), "%s: %s", (twin).name.c_str(), #condition)
