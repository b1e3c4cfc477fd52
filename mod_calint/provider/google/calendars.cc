#include "provider/google/google.h"
#include "provider/google/replies.h"
#include "provider/google/requests.h"
#include "provider/shared/calendar_list.h"

namespace calint::google {
namespace {

class GoogleCalendars final : public Calendars {
 public:
  GoogleCalendars(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  Result<CalendarList> list(const Access& access, Instant now, Deadline deadline) override {
    const provider::CalendarPages pages{
        .request =
            [&](const std::string& page) { return calendar_list_request(options_.api_url, access.token, page); },
        .parse = [&](const HttpResponse& response) { return parse_calendar_page(response, now); }};
    return provider::read_calendar_list(transport_, pages, deadline);
  }

 private:
  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Calendars> make_calendars(Options options, Transport& transport) {
  return std::make_unique<GoogleCalendars>(std::move(options), transport);
}

}  // namespace calint::google
