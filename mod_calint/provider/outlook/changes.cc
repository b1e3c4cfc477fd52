#include "base/json.h"
#include "calendar/zones.h"
#include "provider/outlook/errors.h"
#include "provider/outlook/event_series.h"
#include "provider/outlook/outlook.h"
#include "provider/outlook/replies.h"
#include "provider/outlook/requests.h"
#include "provider/shared/replies.h"

namespace calint::outlook {
namespace {

// Refused because of its cursor, where the code doesn't say so itself (3.9).
bool refuses_cursor(int status) { return status == 400 || status == 409 || status == 410 || status == 412; }

Error leads_away() {
  return {.fault = Fault::unavailable, .what = "Graph's answer leads away from CalIntApiURL", .code = "foreign_link"};
}

bool is_json(const HttpResponse& response) { return response.media_type() == "application/json"; }

class OutlookChanges final : public Changes {
 public:
  OutlookChanges(Options options, Transport& transport) : options_(std::move(options)), transport_(transport) {}

  bool cursor_holds_window() const override { return true; }

  Result<provider::ChangesPage> read(const Access& access, const provider::ChangesQuery& query, Instant now,
                                     Deadline deadline) override {
    const std::string& link = query.page.empty() ? query.cursor : query.page;
    if (!link.empty() && !is_at_origin_of(link, options_.api_url)) return leads_away();
    std::string zone;
    if (link.empty()) {
      auto found = mailbox_zone(access, now, deadline);
      if (!found) return std::move(found).error();
      zone = std::move(*found);
    }
    auto response = transport_.send(delta_request(options_.api_url, access.token, query), deadline);
    if (!response) return std::move(response).error();
    if (response->status != 200) {
      Error error = api_error(*response, now);
      const bool may_be_cursors = error.fault == Fault::bug || error.fault == Fault::conflict;
      if (!query.cursor.empty() && may_be_cursors && refuses_cursor(response->status)) error.fault = Fault::resync;
      return error;
    }
    if (!is_json(*response)) return provider::unusable_page();
    auto page = provider::changes_page<EventItem>(parse_event_page(response->body.reveal()), item_of);
    if (!page) return page;
    for (const std::string& next : {page->next_page, page->cursor})
      if (!next.empty() && !is_at_origin_of(next, options_.api_url)) return leads_away();
    page->zone = std::move(zone);
    return page;
  }

  Result<provider::ChangedItem> event(const Access& access, const std::string& calendar, const std::string& id,
                                      Instant now, Deadline deadline) override {
    const auto gone = [&id] { return item_of({.id = id, .kind = EventItem::Kind::removed}); };
    auto response = transport_.send(event_request(options_.api_url, access.token, calendar, id), deadline);
    if (!response) return std::move(response).error();
    if (response->status == 404) return gone();
    if (response->status != 200) return api_error(*response, now);
    if (!is_json(*response)) return provider::unusable_page();
    const EventPage page = parse_event_page(R"({"value":[)" + std::string(response->body.reveal()) + "]}");
    if (page.items.size() != 1 || page.items.front().id != id) return gone();
    return item_of(page.items.front());
  }

  Result<provider::SeriesChanges> merge(const provider::KnownSeries& known,
                                        const std::vector<std::string>& items) const override {
    return provider::merge_texts<EventItem>(known, items, item_from, outlook::merge);
  }

 private:
  // In which whole days are, as an IANA name; empty where the mailbox doesn't say or Graph doesn't let it.
  Result<std::string> mailbox_zone(const Access& access, Instant now, Deadline deadline) {
    auto response = transport_.send(mailbox_zone_request(options_.api_url, access.token), deadline);
    if (!response) return std::move(response).error();
    if (response->status != 200) {
      Error error = api_error(*response, now);
      if (error.fault == Fault::forbidden || error.fault == Fault::gone) return std::string();
      return error;
    }
    const Json body = provider::json_body(*response);
    return calendar::iana_name(string_member(body.get(), "value").value_or("")).value_or("");
  }

  const Options options_;
  Transport& transport_;
};

}  // namespace

std::unique_ptr<Changes> make_changes(Options options, Transport& transport) {
  return std::make_unique<OutlookChanges>(std::move(options), transport);
}

}  // namespace calint::outlook
