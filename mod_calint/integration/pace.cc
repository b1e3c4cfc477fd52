#include "integration/pace.h"

#include <algorithm>

namespace calint::integration {
namespace {

std::chrono::microseconds part(std::chrono::microseconds whole, double factor) {
  return std::chrono::microseconds(static_cast<int64_t>(static_cast<double>(whole.count()) * factor));
}

}  // namespace

Instant refresh_due_at(Instant expires_at, Instant now, std::chrono::seconds lead, double unit) {
  const Instant earliest = now + std::max<std::chrono::microseconds>((expires_at - now) / 2, std::chrono::seconds(30));
  return std::max(earliest, expires_at - lead - part(lead, 0.25 * unit));
}

bool is_over(Instant since, std::chrono::seconds grace, Instant now) { return since + grace <= now; }

}  // namespace calint::integration
