#include "provider/caldav/listing.h"

#include "base/text.h"
#include "provider/shared/event_page.h"

namespace calint::caldav {
namespace {

constexpr size_t kLongestVersion = 512;

// Of the whole resource.
bool is_gone(int status) { return status == 404 || status == 410; }

}  // namespace

std::string object_key(std::string_view href, std::string_view calendar_path) {
  std::string key = dav::href_key(href);
  if (key.starts_with(calendar_path) && key.size() > calendar_path.size() + 1 && key[calendar_path.size()] == '/')
    key.erase(0, calendar_path.size() + 1);
  if (!provider::is_event_id(key)) key = std::string(href);
  return provider::is_event_id(key) ? key : "";
}

std::string version_of(const dav::Response& response) {
  const xml::Element* etag = response.property("{DAV:}getetag");
  const std::string_view text = etag == nullptr ? std::string_view() : trimmed(etag->text);
  return text.size() <= kLongestVersion && provider::is_event_id(text) ? std::string(text) : "";
}

provider::ChangedItem gone_item(const std::string& key) {
  return {.series = key, .event = key, .text = std::string(kGone) + key};
}

provider::ChangedItem unread_item(const std::string& key, std::string version) {
  return {.series = key,
          .event = key,
          .text = std::string(kUnread) + key,
          .is_removal = false,
          .version = std::move(version)};
}

void State::take(const dav::Response& response) {
  if (failure = response.failure(); failure != 0) return;
  if (const xml::Element* tag = response.property("{http://calendarserver.org/ns/}getctag"))
    if (provider::is_event_id(trimmed(tag->text))) ctag = std::string(trimmed(tag->text));
  const xml::Element* reports = response.property("{DAV:}supported-report-set");
  if (reports == nullptr) return;
  for (const xml::Element& supported : reports->children) {
    const xml::Element* report = supported.child("{DAV:}report");
    if (report != nullptr && report->child("{DAV:}sync-collection") != nullptr) has_sync_collection = true;
  }
}

void Listing::take(const dav::Response& response) {
  // It is the answer that is cut, or the question that is refused, whatever the server calls it by.
  if (response.status == 507) {
    is_cut_ = true;
    return;
  }
  if (response.misses("valid-sync-token")) {
    refuses_token_ = true;
    return;
  }
  if (dav::href_key(response.href) == calendar_path_) {
    names_calendar_ = true;
    if (const int failure = response.failure(); failure != 0) failure_ = failure;
    return;
  }
  const xml::Element* types = response.property("{DAV:}resourcetype");
  if (types != nullptr && types->child("{DAV:}collection") != nullptr) return;
  ++count_;
  std::string key = object_key(response.href, calendar_path_);
  if (key.empty()) {
    if (left_out.size() < provider::kMostReports)
      left_out.push_back({.id = "", .why = "an object's href can't be used"});
    return;
  }
  if (items.size() + named.size() >= kMost) {
    is_too_long_ = true;
  } else if (is_gone(response.status)) {
    items.push_back(gone_item(key));
  } else {
    named.push_back({.series = std::move(key), .text = response.href, .version = version_of(response)});
  }
}

}  // namespace calint::caldav
