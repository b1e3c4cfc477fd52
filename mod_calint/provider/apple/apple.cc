#include "provider/apple/apple.h"

#include "base/url.h"
#include "provider/apple/account.h"
#include "provider/caldav/discovery.h"

namespace calint {
namespace {

std::string with_slash(std::string url) {
  if (!url.ends_with('/')) url += '/';
  return url;
}

}  // namespace

Apple::Apple(AppleOptions options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

Result<std::string> Apple::normalised_account(std::string_view typed) const { return apple::normalised_account(typed); }

Result<Secret> Apple::normalised_password(const Secret& typed) const {
  return apple::normalised_password(typed.reveal());
}

Result<Grant> Apple::sign_in(const std::string& account, const Secret& password, Instant now, Deadline deadline) {
  auto entry = parse_url(with_slash(options_.api_url));
  if (!entry) return std::move(entry).error();
  auto found = caldav::Discovery({.transport = transport_,
                                 .entry = std::move(*entry),
                                 .hosts = options_.api_hosts,
                                 .credentials = {.user = account, .password = password},
                                 .now = now,
                                 .deadline = deadline})
                   .find();
  if (!found) return std::move(found).error();
  Grant grant;
  grant.tokens.access_token = password;
  grant.subject = {.key = std::move(found->principal), .account = account};
  grant.list = std::move(found->list);
  return grant;
}

Result<CalendarList> Apple::list_calendars(const Access& access, Instant now, Deadline deadline) {
  auto entry = parse_url(with_slash(options_.api_url));
  if (!entry) return std::move(entry).error();
  caldav::Discovery discovery({.transport = transport_,
                              .entry = std::move(*entry),
                              .hosts = options_.api_hosts,
                              .credentials = {.user = access.account, .password = access.token},
                              .now = now,
                              .deadline = deadline});
  if (auto list = discovery.look_at(access.home_url)) return std::move(*list);
  auto found = discovery.find();
  if (!found) return std::move(found).error();
  return std::move(found->list);
}

std::vector<WithdrawPage> Apple::withdraw_pages() const {
  return {{"https://account.apple.com", "your Apple Account: Sign-In and Security, App-Specific Passwords"}};
}

}  // namespace calint
