// A page of the calendar list, as Google and as Outlook, fed with a whole HTTP answer.
#include "base/url.h"
#include "calendars.h"
#include "fuzz.h"
#include "provider/google/replies.h"
#include "provider/outlook/replies.h"

using namespace calint;

namespace {

constexpr std::string_view kApiUrl = "https://graph.microsoft.com/v1.0";

Result<provider::CalendarPage> of_google(const HttpResponse& answer) {
  return google::parse_calendar_page(answer, fuzz::kNow);
}

Result<provider::CalendarPage> of_outlook(const HttpResponse& answer) {
  auto page = outlook::parse_calendar_page(answer, kApiUrl, fuzz::kNow);
  if (page) page->calendars = outlook::with_shared_marked(std::move(page->calendars));
  return page;
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
  for (const Calendar& calendar : page->calendars) fuzz::check_calendar(calendar);
  fuzz::check_order(page->calendars);
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
