#include "availability/explanation.h"

#include <algorithm>

namespace calint::availability {

std::string_view to_string(Why why) {
  switch (why) {
    case Why::busy: return "busy";
    case Why::tentative: return "tentative";
    case Why::unanswered: return "unanswered";
    case Why::out_of_office: return "out_of_office";
    case Why::hold: return "hold";
    case Why::interview: return "interview";
    case Why::buffer: return "buffer";
    case Why::outside_working_hours: return "outside_working_hours";
    case Why::max_per_day: return "max_per_day";
    case Why::max_per_week: return "max_per_week";
    case Why::unknown: return "unknown";
    case Why::past: return "past";
    case Why::min_notice: return "min_notice";
    case Why::periods: return "periods";
    case Why::no_complete_choice: return "no_complete_choice";
  }
  return "";
}

std::vector<Part> explain_person(const PersonTime& time, const PersonRules& rules, const Span& range) {
  std::vector<Part> parts;
  Spans told;
  const auto tell = [&](Why why, const Spans& spans) {
    const Spans inside = clip(spans, range);
    for (const Span& span : subtract(inside, told)) parts.push_back({span, why});
    told = merge(std::move(told), inside);
  };
  tell(Why::busy, time.busy);
  tell(Why::tentative, time.tentative);
  tell(Why::unanswered, time.unanswered);
  tell(Why::out_of_office, time.out_of_office);
  tell(Why::hold, time.holds);
  tell(Why::interview, time.interviews);
  // A slot keeps its buffers from what is there: after its end, from what comes; before its start, from what was.
  tell(Why::buffer, widen(time.appointments(), rules.buffer_after, rules.buffer_before));
  tell(Why::outside_working_hours, subtract({range}, time.hours));
  tell(Why::max_per_day, time.full_days);
  tell(Why::max_per_week, time.full_weeks);
  tell(Why::unknown, widen(time.unknown, rules.buffer_after, rules.buffer_before));
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) { return a.span.start < b.span.start; });
  return parts;
}

std::vector<Part> explain_starts(const std::vector<GridStart>& starts, const std::vector<std::optional<Why>>& why,
                                 SysTime end) {
  std::vector<Part> parts;
  for (size_t at = 0; at < starts.size(); ++at) {
    if (!why[at]) continue;
    const Span span{starts[at].at, at + 1 < starts.size() ? starts[at + 1].at : end};
    if (!parts.empty() && parts.back().why == *why[at] && parts.back().span.end == span.start)
      parts.back().span.end = span.end;
    else
      parts.push_back({span, *why[at]});
  }
  return parts;
}

}  // namespace calint::availability
