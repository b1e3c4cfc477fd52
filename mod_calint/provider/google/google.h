// Google Calendar (providers.md, section 2): sends what google_requests builds and google_replies parses.
#pragma once

#include <string>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint {

// Google's own addresses (2.1).
struct GoogleOptions {
  std::string authorize_url = "https://accounts.google.com/o/oauth2/v2/auth";
  std::string token_url = "https://oauth2.googleapis.com/token";
  std::string revoke_url = "https://oauth2.googleapis.com/revoke";
  std::string api_url = "https://www.googleapis.com/calendar/v3";
  // Expected in authorization responses and id_tokens. Empty: authorization responses needn't carry one, and
  // id_tokens must be Google's.
  std::string issuer = "https://accounts.google.com";
};

class Google final : public OAuthProvider {
 public:
  // `transport` must outlive this.
  Google(GoogleOptions options, Transport& transport);

  ProviderId id() const override { return ProviderId::google; }
  std::string issuer() const override { return options_.issuer; }
  std::string authorize_url(const AuthorizeParameters& parameters) const override;
  Refusal refusal(std::string_view error, std::string_view description) const override;
  // corrupt with code "id_token" where that is missing or isn't for this flow.
  Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                         Deadline deadline) override;
  Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                Deadline deadline) override;
  // corrupt for a list that doesn't end: a page token that comes again, or more than 100 pages.
  Result<CalendarList> list_calendars(const Access& access, Instant now, Deadline deadline) override;
  Status revoke(const Secret& token, Instant now, Deadline deadline) override;
  std::vector<WithdrawPage> withdraw_pages() const override;

 private:
  const GoogleOptions options_;
  Transport& transport_;
};

}  // namespace calint
