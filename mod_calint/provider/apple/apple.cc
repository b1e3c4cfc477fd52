#include "provider/apple/apple.h"

#include "base/url.h"
#include "pages/texts.h"
#include "provider/apple/account.h"
#include "provider/caldav/changes.h"
#include "provider/caldav/discovery.h"
#include "provider/caldav/events.h"

namespace calint::apple {
namespace {

// The entry of every discovery is a folder.
Result<Url> entry_of(const Options& options) {
  return parse_url(options.api_url.ends_with('/') ? options.api_url : options.api_url + "/");
}

Result<caldav::Server> server_of(const Options& options) {
  auto entry = entry_of(options);
  if (!entry) return std::move(entry).error();
  return caldav::Server{.entry = std::move(*entry), .hosts = options.api_hosts};
}

class ApplePassword final : public PasswordAccess {
 public:
  ApplePassword(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  Result<std::string> normalised_account(std::string_view typed) const override {
    return apple::normalised_account(typed);
  }

  Result<Secret> normalised_password(const Secret& typed) const override {
    return apple::normalised_password(typed.reveal());
  }

  Result<Grant> sign_in(const std::string& account, const Secret& password, Instant now, Deadline deadline) override {
    auto entry = entry_of(options_);
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

 private:
  const Options options_;
  Transport& transport_;
};

class AppleCalendars final : public Calendars {
 public:
  AppleCalendars(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  Result<CalendarList> list(const Access& access, Instant now, Deadline deadline) override {
    auto entry = entry_of(options_);
    if (!entry) return std::move(entry).error();
    caldav::Discovery discovery({.transport = transport_,
                                 .entry = std::move(*entry),
                                 .hosts = options_.api_hosts,
                                 .credentials = {.user = access.account, .password = access.token},
                                 .now = now,
                                 .deadline = deadline});
    if (auto list = discovery.look_at(access.memory)) return std::move(*list);
    auto found = discovery.find();
    if (!found) return std::move(found).error();
    return std::move(found->list);
  }

 private:
  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<PasswordAccess> make_password_access(Options options, Transport& transport) {
  return std::make_unique<ApplePassword>(std::move(options), transport);
}

std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport) {
  return std::make_unique<AppleCalendars>(std::move(options), transport);
}

std::unique_ptr<Changes> make_changes(const Options& options, Transport& transport) {
  auto server = server_of(options);
  if (!server) return nullptr;
  return std::make_unique<caldav::CalendarChanges>(std::move(*server), transport);
}

std::unique_ptr<Events> make_events(const Options& options, Transport& transport) {
  auto server = server_of(options);
  if (!server) return nullptr;
  return std::make_unique<caldav::CalendarEvents>(std::move(*server), transport);
}

Provider make_provider(const Options& options, Transport& transport) {
  return {.id = ProviderId::apple,
          .oauth = nullptr,
          .password = make_password_access(options, transport),
          .calendars = make_calendars(options, transport),
          .changes = make_changes(options, transport),
          .events = make_events(options, transport),
          .withdraw_pages = {{"https://account.apple.com",
                              texts::provider::withdraw::passwords{ProviderId::apple}}}};
}

}  // namespace calint::apple
