// Every figure that tells how an installation stands now: one list for whoever prints them.
#pragma once

#include <span>
#include <string_view>

namespace calint::app {

enum class Unit {
  things,   // how many
  instant,  // a moment: RFC 3339, or seconds since 1970 where a number is needed; may be missing
};

struct Figure {
  std::string_view name;    // as a monitoring system knows it; ends in the unit where that isn't how many
  Unit unit = Unit::things;
  std::string_view help;    // one sentence
  std::string_view member;  // of the group's objects in store::overview()
  std::string_view word;    // before its value, for people; may be empty
};

// Figures that come with the same labels, from one array of store::overview().
struct FigureGroup {
  std::string_view array;
  std::string_view heading;  // for people
  std::span<const std::string_view> labels;
  std::span<const Figure> figures;
};

std::span<const FigureGroup> figures();

}  // namespace calint::app
