#include "provider/outlook/outlook.h"
#include "provider/outlook/replies.h"
#include "provider/outlook/requests.h"
#include "provider/shared/calendar_list.h"

namespace calint::outlook {
namespace {

class OutlookCalendars final : public Calendars {
 public:
  OutlookCalendars(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  Result<CalendarList> list(const Access& access, Instant now, Deadline deadline) override {
    const provider::CalendarPages pages{
        .request =
            [&](const std::string& page) { return calendars_request(options_.api_url, access.token, page); },
        .parse =
            [&](const HttpResponse& response) { return parse_calendar_page(response, options_.api_url, now); }};
    auto list = provider::read_calendar_list(transport_, pages, deadline);
    if (list) list->calendars = with_shared_marked(std::move(list->calendars));
    return list;
  }

 private:
  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport) {
  return std::make_unique<OutlookCalendars>(std::move(options), transport);
}

}  // namespace calint::outlook
