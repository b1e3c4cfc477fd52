// What is stored of a series. Pure.
#pragma once

#include <string_view>

#include "calendar/series.h"
#include "store/reads.h"

namespace calint::sync {

// Its intervals in the window, `zone` as for evaluate(). The series itself is kept where it is expanded again: what
// recurs, what consists of several events or remembers something, and what takes time near the window's end or behind
// it.
store::ReadSeries stored_series(const calendar::Series& series, std::string_view zone, const calendar::Window& window);

}  // namespace calint::sync
