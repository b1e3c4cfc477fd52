#include "base/reaction.h"

#include <string>

namespace calint {
namespace {

constexpr bool has_order_of_faults() {
  for (size_t i = 0; i < kReactions.size(); ++i)
    if (static_cast<size_t>(kReactions[i].fault) != i) return false;
  return kReactions.back().fault == Fault::bug;
}
static_assert(has_order_of_faults());

}  // namespace

std::string_view to_string(Fault fault) { return reaction_to(fault).name; }

std::string_view problem_of(const Error& error) {
  const Reaction& reaction = reaction_to(error.fault);
  return error.of_database && reaction.problem == "provider_unavailable" ? "database_unavailable" : reaction.problem;
}

Line line_of(const Error& error, std::string_view text, std::string_view tag) {
  const Reaction& reaction = reaction_to(error.fault);
  const bool is_alarm = reaction.background == Background::alarm;
  const bool is_own = !tag.empty() && !is_alarm && error.fault != Fault::bug && error.fault != Fault::stopping;
  Line line{.level = reaction.level, .tag = reaction.tag, .text = std::string(is_alarm ? "ALARM: " : "")};
  if (is_own) {
    line.tag = tag;
    if (line.level != LogLevel::error) line.level = LogLevel::warning;
  }
  line.text.append(text).append(": ").append(text_of(error));
  return line;
}

void log_failure(LogSink& log, const Error& error, std::string_view text, std::string_view tag) {
  const Line line = line_of(error, text, tag);
  log.write(line.level, line.tag, line.text);
}

}  // namespace calint
