// Where log lines go. Every line carries a stable tag that docs/log-messages.md lists.
#pragma once

#include <string>
#include <string_view>

namespace calint {

enum class LogLevel { error, warning, notice, info, debug };

// A line, as a value.
struct Line {
  LogLevel level = LogLevel::info;
  std::string_view tag;  // a literal
  std::string text;
};

// Implementations are safe to call from any thread, copy what they keep, and never throw.
// Callers pass no token, code, state or secret; `text` is a single line of valid UTF-8.
class LogSink {
 public:
  virtual ~LogSink() = default;
  // `tag` is a literal such as "CALINT0042".
  virtual void write(LogLevel level, std::string_view tag, std::string_view text) = 0;
};

}  // namespace calint
