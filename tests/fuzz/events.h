// What must hold of events that were read from answers of successive syncs.
#pragma once

#include <string>
#include <vector>

#include "calendar/series_text.h"
#include "fuzz.h"
#include "provider/shared/series_changes.h"

namespace calint::fuzz {

// Answers stand apart by lines of "---".
inline std::vector<std::string> answers_of(std::string_view input) {
  std::vector<std::string> answers;
  constexpr std::string_view kApart = "\n---\n";
  for (size_t end = input.find(kApart); end != std::string_view::npos; end = input.find(kApart)) {
    answers.emplace_back(input.substr(0, end));
    input.remove_prefix(end + kApart.size());
  }
  answers.emplace_back(input);
  return answers;
}

template <typename Page>
void check_page(const Page& page) {
  MUST(page.whole || !page.left_out.empty());
  for (const calendar::LeftOut& one : page.left_out) {
    MUST(is_clean_text(one.id, 200));
    MUST(!one.why.empty() && is_clean_text(one.why, 100));
  }
}

// Series are kept as text between two syncs, and what comes out is what went in.
inline provider::KnownSeries stored(const provider::KnownSeries& known) {
  provider::KnownSeries again;
  for (const auto& [key, series] : known) {
    MUST(key == series.key && provider::is_event_id(key));
    MUST(!series.events.empty() || !series.memory.empty());
    auto read = calendar::parse_series(calendar::serialize(series));
    MUST(read.ok() && read->key == key && read->events == series.events && read->memory == series.memory);
    again.emplace(key, std::move(*read));
  }
  return again;
}

inline void check_changes(const provider::SeriesChanges& changes) {
  for (const std::string& key : changes.gone)
    for (const calendar::Series& series : changes.changed) MUST(series.key != key);
}

}  // namespace calint::fuzz
