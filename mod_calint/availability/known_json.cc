#include <fmt/format.h>

#include <iterator>

#include "availability/known.h"
#include "base/rfc3339.h"

namespace calint::availability {
namespace {

// Writes as it goes: 50 people may have a thousand intervals each.
void add_span(std::string& text, const Span& span) {
  fmt::format_to(std::back_inserter(text), "\"start\":\"{}\",\"end\":\"{}\"", rfc3339_text(span.start),
                 rfc3339_text(span.end));
}

std::string quoted_or_null(std::string_view text) { return text.empty() ? "null" : json_quoted(text); }

void add_user(std::string& text, const UserAvailability& user) {
  const Knowledge& known = user.assessment.knowledge;
  fmt::format_to(std::back_inserter(text),
                 "{{\"user_id\":{},\"status\":\"{}\",\"reason\":{},\"as_of\":{},\"time_zone\":{},\"busy\":[",
                 json_quoted(user.user_id), to_string(known.status), quoted_or_null(to_string(known.reason)),
                 known.as_of ? json_quoted(rfc3339_text(*known.as_of)) : "null", quoted_or_null(user.time_zone));
  for (size_t at = 0; at < user.busy.size(); ++at) {
    text += at == 0 ? "{" : ",{";
    add_span(text, user.busy[at]);
    text += '}';
  }
  text += "],\"unknown\":[";
  for (size_t at = 0; at < user.assessment.unknown.size(); ++at) {
    const auto& [span, reason] = user.assessment.unknown[at];
    text += at == 0 ? "{" : ",{";
    add_span(text, span);
    fmt::format_to(std::back_inserter(text), ",\"reason\":\"{}\"}}", to_string(reason));
  }
  text += "]}";
}

}  // namespace

std::string to_json(const std::vector<UserAvailability>& users) {
  std::string text = "{\"users\":[";
  for (size_t at = 0; at < users.size(); ++at) {
    if (at > 0) text += ',';
    add_user(text, users[at]);
  }
  return text += "]}";
}

}  // namespace calint::availability
