// CalDAV's answers to the three questions of the discovery, each fed with a whole HTTP answer.
#include <algorithm>

#include "calendars.h"
#include "fuzz.h"
#include "provider/caldav/multistatus.h"
#include "provider/caldav/replies.h"

using namespace calint;

namespace {

const caldav::Home& home() {
  static const caldav::Home home{.url = parse_url("https://p42-caldav.icloud.com/1234567890/calendars/").value(),
                                .origin = "https://p42-caldav.icloud.com",
                                .principal = "/1234567890/principal",
                                .may_be_asked = [](const Url& url) { return url.host.ends_with(".icloud.com"); }};
  return home;
}

void check_calendars(const std::vector<Calendar>& calendars) {
  for (const Calendar& calendar : calendars) {
    fuzz::check_calendar(calendar);
    MUST(calendar.owner.empty() || (calendar.is_shared && fuzz::is_clean_text(calendar.owner, 200)));
    // The password goes where an id leads.
    const auto url = resolve_url(home().url, calendar.id);
    MUST(url.ok() && (url->origin() == home().url.origin() || home().may_be_asked(*url)));
    MUST(calendar.id.starts_with('/') || url->origin() != home().url.origin());
  }
  MUST(std::count_if(calendars.begin(), calendars.end(), [](const Calendar& one) { return one.is_primary; }) <= 1);
  fuzz::check_order(calendars);
}

// The parser's result; where it refuses the answer, in words that repeat nothing of it.
template <typename Parse>
auto read(std::string_view input, Parse parse) {
  auto result = parse(fuzz::answer_of(input));
  if (!result) {
    MUST(fuzz::fit_to_log(result.error()));
    const auto other = parse(fuzz::answer_of(fuzz::with_other_secret(input)));
    MUST(!other && fuzz::same_words(result.error(), other.error()));
  }
  return result;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (const auto responses = read(input, dav::parse_multistatus))
    for (const dav::Response& response : *responses) {
      const std::string key = dav::href_key(response.href);
      MUST(!key.ends_with('/') && key.size() <= response.href.size());
    }
  const auto at_now = [](auto parse) {
    return [parse](const HttpResponse& response) { return parse(response, fuzz::kNow); };
  };
  static_cast<void>(read(input, at_now(caldav::parse_principal)));
  static_cast<void>(read(input, at_now(caldav::parse_homes)));
  auto calendars = read(
      input, [](const HttpResponse& response) { return caldav::parse_calendars(response, home(), fuzz::kNow); });
  if (calendars) check_calendars(caldav::in_one_list({std::move(*calendars)}).calendars);
  return 0;
}
