// How many jobs are under way at once: of a node, a provider, a kind, and an account.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/node_slots.h"

namespace calint::jobs {

// How much of something is in use. Safe from any thread.
using InUse = std::atomic<unsigned>;

// A job's share of the node's calls to providers, and of whatever else counts, until the end of its life.
class Slot {
 public:
  using Counters = std::array<InUse*, 3>;
  Slot(Counters counters, NodeSlots::Slot call) : counters_(counters), call_(std::move(call)) {
    for (InUse* one : counters_) ++*one;
  }
  ~Slot() {
    for (InUse* one : counters_) --*one;
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  const Counters counters_;
  NodeSlots::Slot call_;
};

// The calls at once of each account. Safe from any thread.
class AccountLimits {
 public:
  // An account's slot, until the end of its life. False where the account has as many calls under way as it may.
  class Slot {
   public:
    // No account: always granted.
    Slot(AccountLimits& limits, const std::string& account, int most);
    ~Slot();
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;
    explicit operator bool() const { return granted_; }

   private:
    using Entry = std::map<std::string, int>::iterator;
    AccountLimits& limits_;
    std::optional<Entry> entry_;
    bool granted_ = true;
  };

 private:
  std::mutex mutex_;
  std::map<std::string, int> calls_;  // account key -> calls under way
};

}  // namespace calint::jobs
