#include "jobs/slots.h"

namespace calint::jobs {

AccountLimits::Slot::Slot(AccountLimits& limits, const std::string& account, int most) : limits_(limits) {
  if (account.empty()) return;
  const std::lock_guard lock(limits_.mutex_);
  const Entry entry = limits_.calls_.try_emplace(account, 0).first;
  granted_ = entry->second < most;
  if (!granted_) return;
  ++entry->second;
  entry_ = entry;
}

AccountLimits::Slot::~Slot() {
  if (!entry_) return;
  const std::lock_guard lock(limits_.mutex_);
  if (--(*entry_)->second == 0) limits_.calls_.erase(*entry_);
}

}  // namespace calint::jobs
