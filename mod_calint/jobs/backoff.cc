#include "jobs/backoff.h"

namespace calint::jobs {
namespace {

// More than a node that is killed now and then makes of work that is sound.
constexpr int kAttemptsBeforePoison = 5;

// Longer than the longest pause between attempts.
constexpr std::chrono::hours kUnheardOf{2};

std::chrono::seconds part(std::chrono::seconds whole, double factor) {
  return std::chrono::seconds(static_cast<int64_t>(static_cast<double>(whole.count()) * factor));
}

}  // namespace

std::chrono::seconds operator_pause(double unit) { return part(std::chrono::hours(1), 0.75 + 0.5 * unit); }

std::chrono::seconds asked_pause(std::chrono::seconds retry_after, double unit) {
  return part(retry_after, 1 + 0.25 * unit);
}

std::chrono::seconds slot_pause(double unit) { return std::chrono::seconds(1 + static_cast<int>(unit * 3)); }

bool is_poison(int attempts, std::optional<Instant> tried_until, Instant now) {
  return attempts > kAttemptsBeforePoison && tried_until && *tried_until + kUnheardOf <= now;
}

}  // namespace calint::jobs
