// Google Calendar (providers.md, section 2).
#pragma once

#include "net/transport.h"
#include "provider/google_requests.h"
#include "provider/provider.h"

namespace calint {

class Google final : public CalendarProvider {
 public:
  // The transport outlives this.
  Google(GoogleOptions options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  ProviderId id() const override { return ProviderId::google; }
  std::string issuer() const override { return options_.issuer; }
  std::string authorize_url(const AuthorizeParameters& parameters) const override;
  Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                         Deadline deadline) override;
  Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                Deadline deadline) override;
  Result<std::vector<Calendar>> list_calendars(const Secret& access_token, Instant now, Deadline deadline) override;
  bool can_revoke() const override { return true; }
  Status revoke(const Secret& token, Instant now, Deadline deadline) override;
  std::string withdraw_url() const override { return "https://myaccount.google.com/connections"; }

 private:
  GoogleOptions options_;
  Transport& transport_;
};

}  // namespace calint
