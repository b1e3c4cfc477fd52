#include <array>

#include "pages/pages.h"

namespace calint::pages {
namespace {

struct NoticeText {
  Notice notice;
  std::string_view kind;
  std::string_view text;   // "{provider}" stands for the provider's name
};

constexpr std::string_view kPlaceholder = "{provider}";
constexpr std::string_view kNamelessProvider = "your calendar provider";

// What failed may have been about another provider than the one that is connected: those texts name none.
constexpr std::array<NoticeText, kNotices.size()> kTexts = {{
    {Notice::connected, "success", "Your calendar is connected to {provider}."},
    {Notice::reconnected, "success", "Your calendar is connected to {provider} again."},
    {Notice::switched, "success", "Your calendar is now connected to {provider}. The one before it was disconnected."},
    {Notice::disconnected, "success", "Your calendar was disconnected. You can connect one again at any time."},
    {Notice::denied, "warning",
     "Access Denied: you did not allow the access, so nothing was changed. To try again, choose Connect "
     "and allow the access."},
    {Notice::admin_consent_required, "warning",
     "Nothing was changed: in your organisation only an administrator may allow this access. Ask the administrator of "
     "your Microsoft 365 to grant admin consent to this application (Microsoft Entra admin center, Enterprise "
     "applications, Permissions), then choose Connect again."},
    {Notice::provider_error, "error",
     "Nothing was changed: the calendar provider answered with an error. Please try again. If it happens again, ask "
     "your administrator."},
    {Notice::exchange_failed, "error",
     "Nothing was changed: the connection could not be completed. Please choose Connect again."},
    {Notice::misconfigured, "error",
     "Nothing was changed: this calendar provider is not set up correctly here. Trying again will not help. Please "
     "tell your administrator."},
    {Notice::scope_missing, "warning",
     "Nothing was changed: a permission that is needed was not granted. Please connect again and leave every box "
     "ticked."},
    {Notice::validation_failed, "warning",
     "Your calendar was connected, but {provider} could not be read yet. It is tried again by itself; you can also "
     "choose Retry."},
    {Notice::provider_unavailable, "warning",
     "Nothing was changed: the calendar provider cannot be reached right now. Please try again in a few minutes."},
    {Notice::rate_limited, "warning", "That was tried too often in a short time. Please wait a few minutes, then try again."},
    {Notice::saved, "success", "Your changes were saved."},
    {Notice::sync_started, "info", "Your calendar is being read. Reload this page in a minute to see the result."},
}};

constexpr bool has_order_of_notices() {
  for (size_t i = 0; i < kTexts.size(); ++i)
    if (static_cast<size_t>(kTexts[i].notice) != i) return false;
  return true;
}
static_assert(has_order_of_notices());

std::string with_provider(std::string_view text, std::string_view provider_name) {
  std::string result(text);
  if (auto at = result.find(kPlaceholder); at != std::string::npos)
    result.replace(at, kPlaceholder.size(), provider_name.empty() ? kNamelessProvider : provider_name);
  return result;
}

}  // namespace

Banner banner_of(Notice notice, std::string_view provider_name) {
  const NoticeText& said = kTexts[static_cast<size_t>(notice)];
  return {.kind = std::string(said.kind), .text = with_provider(said.text, provider_name)};
}

}  // namespace calint::pages
