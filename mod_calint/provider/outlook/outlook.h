// Outlook: the Microsoft identity platform v2 and Microsoft Graph (providers.md, section 3). Sends what
// outlook_requests builds and outlook_replies parses.
#pragma once

#include <string>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint {

// The global cloud's addresses (3.1). "{tenant}" in them stands for the client's tenant, or else for `tenant`.
struct OutlookOptions {
  std::string tenant = "common";  // or organizations, consumers, a tenant's id or domain: who can sign in
  std::string authorize_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize";
  std::string token_url = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token";
  std::string api_url = "https://graph.microsoft.com/v1.0";
  // Expected in authorization responses and id_tokens, where Microsoft should begin to name one. Empty: authorization
  // responses needn't carry one, and id_tokens must be of the token endpoint's host and of a tenant that may sign in.
  std::string issuer;
};

class Outlook final : public OAuthProvider {
 public:
  // `transport` must outlive this.
  Outlook(OutlookOptions options, Transport& transport);

  ProviderId id() const override { return ProviderId::outlook; }
  std::string issuer() const override { return options_.issuer; }
  std::string authorize_url(const AuthorizeParameters& parameters) const override;
  // By AADSTS number: access_denied may also mean that an administrator must consent.
  Refusal refusal(std::string_view error, std::string_view description) const override;
  // corrupt with code "id_token" where that is missing or isn't for this flow. bad_input with code kAdminConsent where
  // an administrator must consent first.
  Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                         Deadline deadline) override;
  // A new refresh token comes each time; the one before it stays good (3.4).
  Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                Deadline deadline) override;
  // corrupt for a list that doesn't end or leads away from the API's origin; forbidden with code kNoMailbox for an
  // account without one.
  Result<CalendarList> list_calendars(const Access& access, Instant now, Deadline deadline) override;
  Status revoke(const Secret& token, Instant now, Deadline deadline) override;
  std::vector<WithdrawPage> withdraw_pages() const override;

 private:
  const std::string& tenant_of(const OAuthClient& client) const;
  const OutlookOptions options_;
  Transport& transport_;
};

}  // namespace calint
