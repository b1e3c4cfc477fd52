// iCloud's calendars, over CalDAV with an app-specific password (providers.md, section 4), and other CalDAV servers'.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/transport.h"
#include "provider/provider.h"

namespace calint {

struct AppleOptions {
  // Where the discovery begins. In China it is caldav.icloud.com.cn.
  std::string api_url = "https://caldav.icloud.com";
  // Hosts that the password may go to beside api_url's: "example.com", or "*.example.com" for all below it. iCloud
  // keeps each account on one of many hosts.
  std::vector<std::string> api_hosts = {"*.icloud.com"};
};

class Apple final : public PasswordProvider {
 public:
  // `transport` must outlive this.
  Apple(AppleOptions options, Transport& transport);

  ProviderId id() const override { return ProviderId::apple; }
  Result<std::string> normalised_account(std::string_view typed) const override;
  Result<Secret> normalised_password(const Secret& typed) const override;
  // subject.key is the path of the account's principal. Errors of apple::Discovery.
  Result<Grant> sign_in(const std::string& account, const Secret& password, Instant now, Deadline deadline) override;
  // Where access.home_url leads, and where that isn't right any more, as for a new account. Errors of
  // apple::Discovery; reconnect with code "401" for a refused password, which isn't tried there again.
  Result<CalendarList> list_calendars(const Access& access, Instant now, Deadline deadline) override;
  std::vector<WithdrawPage> withdraw_pages() const override;

 private:
  const AppleOptions options_;
  Transport& transport_;
};

}  // namespace calint
