#include "twins.h"

#include <fmt/format.h>

#include "provider/google/errors.h"
#include "provider/google/google.h"
#include "provider/google/replies.h"
#include "provider/google/requests.h"
#include "provider/outlook/errors.h"
#include "provider/outlook/outlook.h"
#include "provider/outlook/replies.h"
#include "provider/outlook/requests.h"
#include "support/scripted_transport.h"

namespace calint::test {
namespace {

Secret secret(std::string_view text) { return Secret(text); }

CodeExchange exchange(std::string_view code, std::string_view provider) {
  return {.code = Secret(code),
          .code_verifier = secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
          .redirect_uri = fmt::format("https://ats.example.com/calendar/auth/{}/callback", provider),
          .nonce = "EXAMPLE-NONCE"};
}

}  // namespace

const std::vector<Twin>& twins() {
  static const std::vector<Twin>& all = *new std::vector<Twin>{
      {.name = "google",
       .samples = CALINT_TEST_DATA "/google/",
       .client = {.client_id = "1234567890-example.apps.googleusercontent.com",
                  .client_secret = secret("EXAMPLE_CLIENT_SECRET")},
       .exchange = exchange("4/EXAMPLE_AUTH_CODE", "google"),
       .email = "avery@example.com",
       .exchange_sample = "token-exchange-request.json",
       .token_url = "https://oauth2.googleapis.com/token",
       .oauth = [](Transport& transport) { return google::make_oauth({}, transport); },
       .calendars = [](Transport& transport) { return google::make_calendars({}, transport); },
       .authorize_parameters = google::authorize_parameters,
       .exchange_form = google::exchange_form,
       .refresh_form = google::refresh_form,
       .api_error = google::api_error,
       .parse_calendar_page = google::parse_calendar_page,
       .entries = "items",
       .next = "nextPageToken",
       .calendar_name = "summary",
       .color = "backgroundColor",
       .is_primary = "primary",
       .next_page = [](int n) { return fmt::format("p {}", n); }},
      {.name = "outlook",
       .samples = CALINT_TEST_DATA "/microsoft/",
       .client = {.client_id = "00001111-aaaa-2222-bbbb-3333cccc4444",
                  .client_secret = secret("EXAMPLE_CLIENT_SECRET")},
       .exchange = exchange("0.EXAMPLE_AUTH_CODE", "outlook"),
       .email = "avery@contoso.example",
       .exchange_sample = "token-exchange-request-secret.json",
       .token_url = "https://login.microsoftonline.com/common/oauth2/v2.0/token",
       .oauth = [](Transport& transport) { return outlook::make_oauth({}, transport); },
       .calendars = [](Transport& transport) { return outlook::make_calendars({}, transport); },
       .authorize_parameters = outlook::authorize_parameters,
       .exchange_form = [](const OAuthClient& client,
                           const CodeExchange& exchange) { return outlook::exchange_form(client, {}, exchange); },
       .refresh_form = [](const OAuthClient& client,
                          const Secret& refresh_token) { return outlook::refresh_form(client, {}, refresh_token); },
       .api_error = outlook::api_error,
       .parse_calendar_page =
           [](const HttpResponse& response, Instant now) {
             return outlook::parse_calendar_page(response, outlook::Options().api_url, now);
           },
       .entries = "value",
       .next = "@odata.nextLink",
       .calendar_name = "name",
       .color = "hexColor",
       .is_primary = "isDefaultCalendar",
       .next_page = [](int n) { return fmt::format("https://graph.microsoft.com/v1.0/me/calendars?$skip={}", n); }}};
  return all;
}

HttpResponse calendar_page(const Twin& twin, std::string_view entries, std::string_view next) {
  const std::string member = next.empty() ? "" : fmt::format(R"(,"{}":"{}")", twin.next, next);
  return json_answer(200, fmt::format(R"({{"{}":[{}]{}}})", twin.entries, entries, member));
}

Result<provider::CalendarPage> read_page(const Twin& twin, std::string_view body) {
  return twin.parse_calendar_page(json_answer(200, body), kTwinsNow);
}

}  // namespace calint::test
