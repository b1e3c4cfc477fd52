#include "availability/spans.h"

#include <fmt/format.h>

#include "support/check.h"

using namespace calint::availability;

namespace {

Spans spans(std::initializer_list<std::pair<int, int>> pairs) {
  Spans all;
  for (const auto& [start, end] : pairs) all.push_back({SysTime(seconds(start)), SysTime(seconds(end))});
  return all;
}

std::string text(const Spans& all) {
  std::string text;
  for (const Span& span : all)
    text += fmt::format("{}-{} ", span.start.time_since_epoch().count(), span.end.time_since_epoch().count());
  return text;
}

}  // namespace

CALINT_TEST(spans_that_touch_or_overlap_are_one) {
  CHECK_EQUAL(text(merge(spans({{5, 9}, {1, 3}, {3, 4}, {6, 7}}))), "1-4 5-9 ");
  CHECK_EQUAL(text(merge(spans({{1, 9}, {2, 3}, {9, 10}}))), "1-10 ");
  CHECK_EQUAL(text(merge(spans({{4, 4}, {7, 5}}))), "");
  CHECK_EQUAL(text(merge(spans({{1, 2}}), spans({{2, 3}, {5, 6}}))), "1-3 5-6 ");
}

CALINT_TEST(what_is_taken_leaves_the_rest) {
  CHECK_EQUAL(text(subtract(spans({{0, 10}}), spans({{2, 3}, {5, 7}}))), "0-2 3-5 7-10 ");
  CHECK_EQUAL(text(subtract(spans({{0, 4}, {6, 9}}), spans({{3, 7}}))), "0-3 7-9 ");
  CHECK_EQUAL(text(subtract(spans({{0, 4}}), spans({{0, 4}}))), "");
  CHECK_EQUAL(text(subtract(spans({{2, 4}, {5, 6}}), spans({{0, 9}}))), "");
  CHECK_EQUAL(text(subtract(spans({{2, 4}}), spans({{0, 2}, {4, 9}}))), "2-4 ");
}

CALINT_TEST(spans_are_widened_narrowed_and_clipped) {
  CHECK_EQUAL(text(widen(spans({{10, 20}, {30, 40}}), seconds(4), seconds(6))), "6-46 ");
  CHECK_EQUAL(text(widen(spans({{10, 20}, {30, 33}}), seconds(0), seconds(-3))), "10-17 ");
  CHECK_EQUAL(text(clip(spans({{0, 3}, {4, 6}, {8, 9}}), {SysTime(seconds(1)), SysTime(seconds(5))})), "1-3 4-5 ");
}

CALINT_TEST(half_open_spans_that_touch_do_not_overlap) {
  const Spans taken = spans({{2, 4}, {6, 8}});
  const auto with = [&](int start, int end) {
    return overlaps(taken, {SysTime(seconds(start)), SysTime(seconds(end))});
  };
  CHECK(with(3, 5) && with(0, 3) && with(7, 9) && with(0, 10) && with(2, 4));
  CHECK(!with(4, 6) && !with(0, 2) && !with(8, 9) && !with(3, 3));
}
