// A page of the calendar list, as Google and as Outlook, fed with a whole HTTP answer.
#include <algorithm>
#include <set>

#include "base/url.h"
#include "fuzz.h"
#include "provider/google_replies.h"
#include "provider/outlook_replies.h"

using namespace calint;

namespace {

bool is_color(std::string_view text) {
  return text.size() == 7 && text[0] == '#' && text.find_first_not_of("0123456789abcdef", 1) == std::string_view::npos;
}

void check_calendar(const Calendar& calendar) {
  MUST(!calendar.id.empty() && fuzz::is_clean_text(calendar.id, 1024));
  MUST(!calendar.name.empty() && fuzz::is_clean_text(calendar.name, 200));
  MUST(calendar.time_zone.size() <= 64 && calendar.time_zone.find_first_of(" <>&'\"%.") == std::string::npos);
  MUST(calendar.color.empty() || is_color(calendar.color));
  const std::string& role = calendar.access_role;
  MUST(role == "owner" || role == "writer" || role == "reader" || role == "freeBusyReader");
  MUST(calendar.can_write == (role == "owner" || role == "writer"));
}

void check_order(const std::vector<Calendar>& listed) {
  const std::vector<Calendar> ordered = provider::in_order(listed);
  std::set<std::string> before, after;
  for (const Calendar& calendar : listed) before.insert(calendar.id);
  for (const Calendar& calendar : ordered) MUST(after.insert(calendar.id).second);
  MUST(before == after);
  MUST(std::is_partitioned(ordered.begin(), ordered.end(), [](const Calendar& one) { return one.is_primary; }));
}

constexpr std::string_view kApiUrl = "https://graph.microsoft.com/v1.0";

Result<provider::CalendarPage> of_google(const HttpResponse& answer) {
  return google::parse_calendar_page(answer, fuzz::kNow);
}

Result<provider::CalendarPage> of_outlook(const HttpResponse& answer) {
  return outlook::parse_calendar_page(answer, kApiUrl, fuzz::kNow);
}

Result<provider::CalendarPage> check_page(std::string_view input,
                                          Result<provider::CalendarPage> (*parse)(const HttpResponse&)) {
  const HttpResponse answer = fuzz::answer_of(input);
  auto page = parse(answer);
  if (!page) {
    MUST(fuzz::fit_to_log(page.error()));
    const auto other = parse(fuzz::answer_of(fuzz::with_other_secret(input)));
    MUST(!other && fuzz::same_words(page.error(), other.error()));
    return page;
  }
  MUST(answer.status == 200 && page->next_page.size() <= 8192);
  for (const Calendar& calendar : page->calendars) check_calendar(calendar);
  check_order(page->calendars);
  return page;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  static_cast<void>(check_page(input, of_google));
  // The access token goes where Graph's link leads.
  if (const auto page = check_page(input, of_outlook); page && !page->next_page.empty()) {
    const auto link = parse_url(page->next_page);
    MUST(link && link->origin() == "https://graph.microsoft.com");
  }
  return 0;
}
