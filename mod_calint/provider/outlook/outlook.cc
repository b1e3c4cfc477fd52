#include "provider/outlook/outlook.h"

namespace calint::outlook {
namespace {

std::vector<WithdrawPage> withdraw_pages(const std::string& tenant) {
  const WithdrawPage work{"https://myapps.microsoft.com", "My Apps, for a work or school account"};
  const WithdrawPage personal{"https://account.live.com/consent/Manage", "Apps and services, for a personal account"};
  if (tenant == "common") return {work, personal};
  return {tenant == "consumers" ? personal : work};
}

}  // namespace

Provider make_provider(const Options& options, Transport& transport) {
  return {.id = ProviderId::outlook,
          .oauth = make_oauth(options, transport),
          .password = nullptr,
          .calendars = make_calendars(options, transport),
          .withdraw_pages = withdraw_pages(options.tenant)};
}

}  // namespace calint::outlook
