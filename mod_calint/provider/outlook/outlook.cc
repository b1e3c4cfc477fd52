#include "provider/outlook/outlook.h"

#include "pages/texts.h"

namespace calint::outlook {
namespace {

std::vector<WithdrawPage> withdraw_pages(const std::string& tenant) {
  const WithdrawPage work{"https://myapps.microsoft.com", texts::provider::withdraw::work{ProviderId::outlook}};
  const WithdrawPage personal{"https://account.live.com/consent/Manage",
                              texts::provider::withdraw::personal{ProviderId::outlook}};
  if (tenant == "common") return {work, personal};
  return {tenant == "consumers" ? personal : work};
}

}  // namespace

Provider make_provider(const Options& options, Transport& transport) {
  return {.id = ProviderId::outlook,
          .oauth = make_oauth(options, transport),
          .password = nullptr,
          .calendars = make_calendars(options, transport),
          .changes = make_changes(options, transport),
          .events = make_events(options, transport),
          .withdraw_pages = withdraw_pages(options.tenant)};
}

}  // namespace calint::outlook
