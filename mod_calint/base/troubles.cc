#include "base/troubles.h"

#include <fmt/format.h>

#include <algorithm>

namespace calint {
namespace {

constexpr size_t kMost = 64;
constexpr std::chrono::minutes kPause{1};

// Also where the clock was set back.
bool is_due(Instant told_at, Instant now) { return now >= told_at + kPause || now < told_at; }

long seconds_since(Instant then, Instant now) {
  return std::max(0L, std::chrono::duration_cast<std::chrono::seconds>(now - then).count());
}

}  // namespace

Troubles::Trouble& Troubles::of(std::string_view key, Instant now) {
  const auto found = all_.find(key);
  if (found != all_.end()) return found->second;
  if (all_.size() >= kMost) {
    const auto oldest = std::ranges::min_element(all_, {}, [](const auto& entry) { return entry.second.met_at; });
    if (oldest->second.is_open) --open_;
    all_.erase(oldest);
  }
  Trouble& trouble = all_[std::string(key)];
  trouble.told_at = now - kPause;
  return trouble;
}

void Troubles::met(LogSink& log, std::string_view key, const Line& line) {
  Line said = line;
  {
    const std::lock_guard lock(mutex_);
    const Instant now = clock_.now();
    Trouble& trouble = of(key, now);
    if (!trouble.is_open) {
      ++open_;
      trouble.is_open = true;
      trouble.was_told = false;
      trouble.since = now;
      trouble.met = 0;
    }
    ++trouble.met;
    ++trouble.untold;
    trouble.met_at = now;
    trouble.line = line;
    if (is_due(trouble.told_at, now)) {
      if (trouble.untold > 1)
        said.text += fmt::format(" ({} times in {} s)", trouble.untold, seconds_since(trouble.told_at, now));
      trouble.was_told = true;
      trouble.told_at = now;
      trouble.untold = 0;
    } else {
      said.level = LogLevel::debug;
    }
  }
  log.write(said.level, said.tag, said.text);
}

void Troubles::over(LogSink& log, std::string_view key) {
  if (!any()) return;
  Line said;
  {
    const std::lock_guard lock(mutex_);
    const auto found = all_.find(key);
    if (found == all_.end() || !found->second.is_open) return;
    Trouble& trouble = found->second;
    const Instant now = clock_.now();
    --open_;
    trouble.is_open = false;
    said = {.level = trouble.was_told ? LogLevel::notice : LogLevel::debug,
            .tag = trouble.line.tag,
            .text = fmt::format("{}: over after {} s, it was met {} times; the last: {}", key,
                                seconds_since(trouble.since, now), trouble.met, trouble.line.text)};
    if (trouble.was_told) {
      trouble.told_at = now;
      trouble.untold = 0;
    }
  }
  log.write(said.level, said.tag, said.text);
}

}  // namespace calint
