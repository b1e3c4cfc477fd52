// After Sync Now the page looks again by itself, a few times, and then says what came of it.
#include "site/sync_progress.h"

#include "support/check.h"

using namespace calint;
using namespace calint::site;
using namespace std::chrono_literals;

namespace {

const Instant kRead = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + 9h;

class NoLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

std::optional<SyncProgress> progress(const std::vector<store::SyncRow>& syncs, const char* looks = nullptr,
                                     const std::string& return_to = "") {
  static const std::unique_ptr<pages::Pages> pages = pages::Pages::make("").value();
  NoLog log;
  const Request request;
  const std::string text = looks == nullptr ? "" : looks;
  return sync_progress({{log, Deadline::in(1h)}, request, pages->in("en")}, "Google Calendar", syncs,
                       looks == nullptr ? nullptr : &text, return_to);
}

store::SyncRow read(const char* id) { return {.calendar_id = id, .last_synced_at = kRead}; }
store::SyncRow waiting(const char* id) { return {.calendar_id = id, .last_synced_at = kRead, .waits = true}; }

}  // namespace

CALINT_TEST(while_a_calendar_waits_the_page_looks_again_ten_times_and_then_offers_to) {
  const std::vector<store::SyncRow> syncs = {read("a"), waiting("b")};
  std::optional<std::string> looks;
  for (int i = 0; i < 10; ++i) {
    const auto now = progress(syncs, looks ? looks->c_str() : nullptr);
    CHECK_EQUAL(now->next, "/settings/calendar?calint_notice=sync_started&looks=" + std::to_string(i + 1));
    CHECK_EQUAL(now->banner.text, "Your calendars are being read: 1 of 2 done.");
    looks = std::to_string(i + 1);
  }
  const auto last = progress(syncs, looks->c_str());
  CHECK_EQUAL(last->next, "");
  CHECK_EQUAL(last->banner.link.url, "/settings/calendar?calint_notice=sync_started");
  CHECK_EQUAL(last->banner.link.label, "Look again");
  for (const char* odd : {"", "-1x", "99", "1e9", "18446744073709551617"}) CHECK_EQUAL(progress(syncs, odd)->next, "");
  CHECK_EQUAL(progress(syncs, "9", "/jobs/5")->next,
              "/settings/calendar?calint_notice=sync_started&looks=10&return_to=%2Fjobs%2F5");
}

CALINT_TEST(once_none_waits_the_page_says_what_came_of_it_and_stays) {
  store::SyncRow gone = read("gone"), told = read("told"), incomplete = read("b"), never{.calendar_id = "never"};
  incomplete.trouble = "incomplete";
  gone.trouble = "gone";
  told.trouble = "unavailable";
  told.is_told_to_wait = true;
  const auto said = [](const std::vector<store::SyncRow>& syncs) {
    const auto now = progress(syncs, "3");
    CHECK_EQUAL(now->next, "");
    return now->banner.kind + ": " + now->banner.text.substr(0, now->banner.text.find_first_of(":."));
  };
  CHECK_EQUAL(said({read("a")}), "success: Your calendar was read");
  CHECK_EQUAL(said({read("a"), read("b"), read("c")}), "success: Your 3 calendars were read");
  CHECK_EQUAL(said({read("a"), gone}), "warning: One of your calendars could not be read");
  CHECK_EQUAL(said({read("a"), incomplete}), "warning: Some events could not be read");
  CHECK_EQUAL(said({gone, incomplete}), "warning: One of your calendars could not be read");
  CHECK_EQUAL(said({gone, told}), "warning: Google Calendar asked us to slow down");
  CHECK_EQUAL(said({read("a"), never}), "info: Your calendar is being read");
  CHECK(!progress({}));
}
