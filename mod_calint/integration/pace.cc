#include "integration/pace.h"

#include <algorithm>

namespace calint::integration {
namespace {

// More than a node that is killed now and then makes of work that is sound.
constexpr int kAttemptsBeforePoison = 5;

// Longer than the longest pause between attempts: what fails in the ordinary way has ended by then.
constexpr std::chrono::hours kUnheardOf{2};

std::chrono::microseconds part(std::chrono::microseconds whole, double factor) {
  return std::chrono::microseconds(static_cast<int64_t>(static_cast<double>(whole.count()) * factor));
}

}  // namespace

Instant refresh_due_at(Instant expires_at, Instant now, std::chrono::seconds lead, double unit) {
  const Instant earliest = now + std::max<std::chrono::microseconds>((expires_at - now) / 2, std::chrono::seconds(30));
  return std::max(earliest, expires_at - lead - part(lead, 0.25 * unit));
}

std::chrono::seconds operator_pause(double unit) {
  return std::chrono::duration_cast<std::chrono::seconds>(part(std::chrono::hours(1), 0.75 + 0.5 * unit));
}

std::chrono::seconds asked_pause(std::chrono::seconds retry_after, double unit) {
  return std::chrono::duration_cast<std::chrono::seconds>(part(retry_after, 1 + 0.25 * unit));
}

std::chrono::seconds place_pause(double unit) { return std::chrono::seconds(1 + static_cast<int>(unit * 3)); }

bool is_over(Instant since, std::chrono::seconds grace, Instant now) { return since + grace <= now; }

bool is_poison(int attempts, Instant since, std::chrono::seconds grace, Instant now) {
  return attempts > kAttemptsBeforePoison && is_over(since, grace + kUnheardOf, now);
}

}  // namespace calint::integration
