#include "provider/google/errors.h"
#include "provider/google/event_series.h"
#include "provider/google/google.h"
#include "provider/google/requests.h"
#include "provider/shared/replies.h"

namespace calint::google {
namespace {

// Refused because of its cursor, whatever the reason is called (2.9).
bool refuses_cursor(int status) { return status == 400 || status == 409 || status == 410 || status == 412; }

class GoogleChanges final : public Changes {
 public:
  GoogleChanges(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  Result<provider::ChangesPage> read(const Access& access, const provider::ChangesQuery& query, Instant now,
                                     Deadline deadline) override {
    auto response = transport_.send(events_request(options_.api_url, access.token, query), deadline);
    if (!response) return std::move(response).error();
    if (response->status != 200) {
      Error error = api_error(*response, now);
      if (!query.cursor.empty() && refuses_cursor(response->status)) error.fault = Fault::resync;
      return error;
    }
    if (response->media_type() != "application/json") return provider::unusable_page();
    return provider::changes_page<EventItem>(parse_event_page(response->body.reveal(), query.accounts), item_of);
  }

  Result<provider::SeriesChanges> merge(const provider::KnownSeries& known,
                                        const std::vector<std::string>& items) const override {
    return provider::merge_texts<EventItem>(known, items, item_from, google::merge);
  }

 private:
  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Changes> make_changes(Options options, Transport& transport) {
  return std::make_unique<GoogleChanges>(std::move(options), transport);
}

}  // namespace calint::google
