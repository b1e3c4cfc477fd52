#include "availability/spans.h"

#include <algorithm>

namespace calint::availability {

Spans merge(Spans any) {
  std::erase_if(any, [](const Span& span) { return span.end <= span.start; });
  std::sort(any.begin(), any.end(), [](const Span& a, const Span& b) { return a.start < b.start; });
  size_t kept = 0;
  for (const Span& span : any) {
    if (kept > 0 && span.start <= any[kept - 1].end)
      any[kept - 1].end = std::max(any[kept - 1].end, span.end);
    else
      any[kept++] = span;
  }
  any.resize(kept);
  return any;
}

Spans merge(Spans any, const Spans& more) {
  any.insert(any.end(), more.begin(), more.end());
  return merge(std::move(any));
}

Spans subtract(const Spans& from, const Spans& taken) {
  Spans left;
  auto next = taken.begin();
  for (Span span : from) {
    while (next != taken.end() && next->end <= span.start) ++next;
    for (auto one = next; one != taken.end() && one->start < span.end; ++one) {
      if (one->start > span.start) left.push_back({span.start, one->start});
      span.start = one->end;
    }
    if (span.start < span.end) left.push_back(span);
  }
  return left;
}

Spans clip(const Spans& spans, const Span& to) {
  Spans kept;
  for (const Span& span : spans) {
    const Span inside{std::max(span.start, to.start), std::min(span.end, to.end)};
    if (inside.start < inside.end) kept.push_back(inside);
  }
  return kept;
}

Spans widen(const Spans& spans, seconds before, seconds after) {
  Spans wide = spans;
  for (Span& span : wide) span = {span.start - before, span.end + after};
  return merge(std::move(wide));
}

bool overlaps(const Spans& spans, const Span& with) {
  const auto first = std::find_if(spans.begin(), spans.end(), [&](const Span& span) { return span.end > with.start; });
  return first != spans.end() && first->start < with.end && with.start < with.end;
}

}  // namespace calint::availability
