#include "site/sync_progress.h"

#include <algorithm>
#include <charconv>

#include "base/paths.h"
#include "base/words.h"
#include "pages/notices.h"
#include "pages/texts.h"
#include "site/links.h"
#include "store/calendar_trouble.h"

namespace calint::site {
namespace {

int looks_of(const std::string* text) {
  if (text == nullptr) return 0;
  int looks = kMostLooks;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), looks);
  const bool is_number = error == std::errc() && end == text->data() + text->size();
  return is_number ? std::clamp(looks, 0, kMostLooks) : kMostLooks;
}

std::string address(int looks, const std::string& return_to) {
  const std::string page = with_query(std::string(kSettingsPath), "calint_notice", to_string(Notice::sync_started));
  return with_return_to(looks == 0 ? page : with_query(page, "looks", std::to_string(looks)), return_to);
}

pages::Banner what_came_of_it(const Visit& visit, const std::string& provider,
                              const std::vector<store::SyncRow>& syncs) {
  const auto incomplete =
      std::ranges::count(syncs, to_string(store::CalendarTrouble::incomplete), &store::SyncRow::trouble);
  const auto unread = std::ranges::count_if(syncs, [](const auto& one) { return !one.trouble.empty(); }) - incomplete;
  if (std::ranges::any_of(syncs, &store::SyncRow::is_told_to_wait))
    return {.kind = "warning", .text = visit.say(texts::sync::told_to_wait{.provider = provider})};
  if (unread > 0) return {.kind = "warning", .text = visit.say(texts::sync::unread{.calendars = unread})};
  if (incomplete > 0) return {.kind = "warning", .text = visit.say(texts::sync::incomplete{})};
  if (!std::ranges::all_of(syncs, [](const store::SyncRow& one) { return one.last_synced_at.has_value(); }))
    return pages::banner_of(visit.pages.language(), Notice::sync_started, provider);
  return {.kind = "success", .text = visit.say(texts::sync::read{.calendars = syncs.size()})};
}

}  // namespace

std::optional<SyncProgress> sync_progress(const Visit& visit, const std::string& provider,
                                          const std::vector<store::SyncRow>& syncs, const std::string* looks,
                                          const std::string& return_to) {
  if (syncs.empty()) return std::nullopt;
  const auto waiting = std::ranges::count_if(syncs, &store::SyncRow::waits);
  if (waiting == 0) return SyncProgress{.banner = what_came_of_it(visit, provider, syncs), .next = {}};
  const int so_far = looks_of(looks);
  SyncProgress progress{
      .banner = {.kind = "info",
                 .text = visit.say(texts::sync::running{.calendars = syncs.size(),
                                                        .done = static_cast<int64_t>(syncs.size()) - waiting}),
                 .link = {.url = address(0, return_to), .label = visit.say(texts::calendars::reading::look_again{})}},
      .next = {}};
  if (so_far < kMostLooks) progress.next = address(so_far + 1, return_to);
  return progress;
}

}  // namespace calint::site
