// Series and what was left out, in one line each, for comparing.
#pragma once

#include <string>

#include "calendar/values.h"
#include "provider/changes.h"
#include "provider/shared/series_changes.h"
#include "support/check.h"

namespace calint::test {

// "2027-03-02" for a day, "2027-03-02T09:00 Europe/Berlin", "2027-03-02T09:00 floating".
inline std::string shown(const calendar::WrittenTime& time) {
  const std::string as_utc = calendar::to_text(calendar::SysTime(time.local.time_since_epoch()));
  if (time.is_date) return as_utc.substr(0, 10);
  return as_utc.substr(0, 16) + " " + (time.zone.empty() ? "floating" : time.zone);
}

// "id standing start - end | rule; ... instead of original start"
inline std::string shown(const calendar::Event& event) {
  std::string text = event.id + " " + std::string(to_string(event.standing)) + " " + shown(event.start);
  if (event.end) text += " - " + shown(*event.end);
  for (const std::string& line : event.recurrence) text += " | " + line;
  if (event.recurrence_id) text += " for " + shown(*event.recurrence_id);
  return text;
}

inline std::string shown(const calendar::Series& series) {
  std::string text = series.key + ":";
  for (const calendar::Event& event : series.events) text += " [" + shown(event) + "]";
  return text;
}

inline std::string shown(const std::vector<calendar::LeftOut>& left_out) {
  std::string text;
  for (const calendar::LeftOut& one : left_out)
    text += (text.empty() ? "" : "; ") + (one.id.empty() ? "" : one.id + " ") + one.why;
  return text;
}

// Changed series, then "-key" for each that is gone, then "?key" for each that is wanted.
inline std::string shown(const provider::SeriesChanges& changes) {
  std::string text;
  for (const calendar::Series& series : changes.changed) text += (text.empty() ? "" : " ") + shown(series);
  for (const std::string& key : changes.gone) text += (text.empty() ? "-" : " -") + key;
  for (const std::string& key : changes.wanted) text += " ?" + key;
  return text;
}

// What comes of the items of a page, beside what is known.
inline std::string merged(const Changes& changes, const provider::KnownSeries& known,
                          const std::vector<provider::ChangedItem>& items) {
  std::vector<std::string> texts;
  for (const provider::ChangedItem& item : items) texts.push_back(item.text);
  auto merged = changes.merge(known, texts);
  CHECK_OK(merged);
  return shown(*merged);
}

}  // namespace calint::test
