#include "provider/caldav/objects.h"

#include <iterator>
#include <utility>

#include "calendar/icalendar.h"
#include "calendar/series_text.h"
#include "provider/caldav/listing.h"
#include "provider/shared/event_page.h"

namespace calint::caldav {
namespace {

constexpr const char* kData = "{urn:ietf:params:xml:ns:caldav}calendar-data";

}  // namespace

Object read_object(const std::string& key, const std::string& text, const calendar::Accounts& accounts) {
  calendar::Reading reading = calendar::read_icalendar({{.name = "", .text = text}}, accounts);
  Object object{.series = {.key = key}, .left_out = std::move(reading.left_out)};
  if (!reading.is_calendar) object.left_out = {{.id = key, .why = "it isn't iCalendar"}};
  // The names of their UIDs keep events of several apart; those of one are the object's own.
  const bool is_one = reading.series.size() <= 1;
  if (is_one && !reading.series.empty()) object.series.uid = provider::uid_of(reading.series.front().key);
  for (calendar::Series& one : reading.series) {
    for (calendar::Event& event : one.events) {
      event.id = is_one ? key : one.key;
      object.series.events.push_back(std::move(event));
    }
    object.series.zones.insert(object.series.zones.end(), one.zones.begin(), one.zones.end());
  }
  return object;
}

Objects::Objects(std::span<const provider::NamedSeries> wanted, const std::string& calendar_path,
                 const calendar::Accounts& accounts)
    : calendar_path_(calendar_path), accounts_(accounts) {
  for (const provider::NamedSeries& one : wanted) missing_.emplace(one.series, &one);
}

void Objects::take(const dav::Response& response) {
  const auto wanted = missing_.find(object_key(response.href, calendar_path_));
  if (wanted == missing_.end()) return;
  const std::string& key = wanted->first;
  const xml::Element* data = response.property(kData);
  const bool is_there = response.status / 100 == 2;
  const int status = is_there && data == nullptr ? response.property_refusal : response.status;
  std::string version = version_of(response);
  if (version.empty()) version = wanted->second->version;
  if (is_there && data != nullptr) {
    fetched_.items.push_back(understood(key, data->text, std::move(version)));
  } else if (status == 404 || status == 410) {
    fetched_.items.push_back(gone_item(key));
  } else if (status == 403) {
    // Another's, that isn't shown to this account.
    leave_out(key, "the server doesn't show it");
    fetched_.items.push_back(unread_item(key, std::move(version)));
  } else {
    return;
  }
  missing_.erase(wanted);
}

provider::ChangedItem Objects::understood(const std::string& key, const std::string& text, std::string version) {
  if (text.size() > xml::Stream::kLongestText) {
    leave_out(key, "it is longer than 1 MiB");
    return unread_item(key, std::move(version));
  }
  Object object = read_object(key, text, accounts_);
  const bool is_unread = object.series.events.empty() && !object.left_out.empty();
  std::move(object.left_out.begin(), object.left_out.end(), std::back_inserter(fetched_.left_out));
  if (is_unread) return unread_item(key, std::move(version));
  return {.series = key,
          .event = key,
          .text = calendar::serialize(object.series),
          .is_removal = false,
          .version = std::move(version)};
}

void Objects::leave_out(const std::string& key, const char* why) {
  fetched_.left_out.push_back({.id = key, .why = why});
}

provider::Fetched Objects::finish() {
  for (const auto& [key, wanted] : missing_) fetched_.owed.push_back(*wanted);
  missing_.clear();
  return std::move(fetched_);
}

Result<provider::SeriesChanges> merge_objects(const std::vector<std::string>& items) {
  provider::SeriesChanges changes;
  if (items.empty()) return changes;
  const std::string& last = items.back();
  for (const auto& [word, keys] : {std::pair(kGone, &changes.gone), std::pair(kUnread, &changes.unread)}) {
    if (!last.starts_with(word)) continue;
    keys->push_back(last.substr(word.size()));
    return changes;
  }
  auto series = calendar::parse_series(last);
  if (!series) return std::move(series).error();
  changes.changed.push_back(std::move(*series));
  return changes;
}

}  // namespace calint::caldav
