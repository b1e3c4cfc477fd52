#include "jobs/breakers.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/client_mark.h"
#include "runtime/failure_log.h"

namespace calint::jobs {
namespace {

// Of one look, so that jobs go on in between.
constexpr int kBatches = 4;

constexpr std::string_view kKey = "key/";

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::ranges::find(all, one) != all.end();
}

// A breaker's own lane is anybody's who has the provider; which lanes of the server's clients those are, the name says.
bool is_own(std::string_view lane) { return lane.starts_with('!'); }

bool is_same(const store::Breaker& one, const store::Breaker& other) {
  return one.organization_id == other.organization_id && one.subject == other.subject;
}

void put(std::vector<store::Breaker>& all, const store::Breaker& breaker) {
  const auto known = std::ranges::find_if(all, [&](const store::Breaker& one) { return is_same(one, breaker); });
  if (known == all.end())
    all.push_back(breaker);
  else
    *known = breaker;
}

bool is_of(const store::Breaker& breaker, std::string_view kind, std::string_view lane) {
  return breaker.lane == lane && contains(breaker.kinds, kind);
}

}  // namespace

BreakerStep step_of(const store::Breaker& breaker, const Standing& standing) {
  if (breaker.is_closed) return BreakerStep::release;
  if (!breaker.provider) return standing.has_key ? BreakerStep::close : BreakerStep::wait;
  if (standing.mark && breaker.mark && *standing.mark != *breaker.mark && !standing.closed_for_mark)
    return BreakerStep::close;
  return standing.has_lane && breaker.may_be_probed ? BreakerStep::probe : BreakerStep::wait;
}

Standing Breakers::standing_of(const store::Breaker& breaker, const std::vector<std::string>& lanes,
                               const std::vector<std::string>& kinds) const {
  Standing standing;
  if (!breaker.provider) {
    const auto id = crypto::parse_key_id(std::string_view(breaker.subject).substr(kKey.size()));
    standing.has_key = id && runtime_.keyset().find(*id) != nullptr;
    return standing;
  }
  const bool has_provider = runtime_.provider(*breaker.provider) != nullptr;
  const bool has_lane = is_own(breaker.lane) ? has_provider : contains(lanes, breaker.lane);
  standing.has_lane = has_lane && contains(kinds, breaker.kinds.front());
  if (breaker.own_mark)
    standing.mark = breaker.own_mark;
  else if (has_lane)
    standing.mark = client_mark(runtime_, *breaker.provider);
  const auto closed = closed_for_.find(breaker.subject);
  standing.closed_for_mark = standing.mark && closed != closed_for_.end() && closed->second == *standing.mark;
  return standing;
}

void Breakers::will_look() {
  const std::lock_guard lock(mutex_);
  opened_.clear();
}

Result<std::vector<store::Breaker>> Breakers::look(std::vector<store::Breaker> all, const std::vector<std::string>& lanes,
                                                   const std::vector<std::string>& kinds, Deadline deadline) {
  std::vector<store::Breaker> before;
  {
    const std::lock_guard lock(mutex_);
    for (const store::Breaker& one : opened_) put(all, one);
    before = std::exchange(all_, all);
  }
  for (const store::Breaker& one : before)
    if (std::ranges::none_of(all, [&](const auto& other) { return other.name == one.name && !other.is_closed; }))
      tell_client_works(runtime_, log_, one.name);
  std::vector<store::Breaker> to_try;
  for (const store::Breaker& one : all) {
    const Standing standing = standing_of(one, lanes, kinds);
    Status done;
    switch (step_of(one, standing)) {
      case BreakerStep::wait: break;
      case BreakerStep::release: done = release(one, deadline); break;
      case BreakerStep::close:
        if (standing.mark) closed_for_[one.subject] = *standing.mark;
        done = close(one, one.provider ? "its client was changed" : "the keyset has it", deadline);
        break;
      case BreakerStep::probe: {
        auto ours = store::claim_probe(runtime_.pool(), one, deadline);
        if (!ours) return std::move(ours).error();
        if (*ours) to_try.push_back(one);
      }
    }
    if (!done) return std::move(done).error();
  }
  return to_try;
}

store::KindsInLanes Breakers::held() const {
  const std::lock_guard lock(mutex_);
  store::KindsInLanes held;
  for (const store::Breaker& one : all_)
    for (const std::string& kind : one.kinds) held.emplace(kind, one.lane);
  return held;
}

bool Breakers::holds(std::string_view kind, std::string_view lane) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(all_, [&](const store::Breaker& one) { return is_of(one, kind, lane); });
}

void Breakers::opened(const store::Breaker& breaker) {
  const std::lock_guard lock(mutex_);
  put(all_, breaker);
  put(opened_, breaker);
}

Status Breakers::mended(std::string_view kind, std::string_view lane, Deadline deadline) {
  std::vector<store::Breaker> waiting;
  {
    const std::lock_guard lock(mutex_);
    std::ranges::copy_if(all_, std::back_inserter(waiting), [&](const store::Breaker& one) {
      return !one.is_closed && is_of(one, kind, lane) && one.kinds.front() == kind;
    });
  }
  for (const store::Breaker& one : waiting)
    if (auto closed = close(one, "it works again", deadline); !closed) return closed;
  return {};
}

Status Breakers::close(const store::Breaker& breaker, std::string_view why, Deadline deadline) {
  auto closed = store::close_breaker(runtime_.pool(), breaker, deadline);
  if (!closed) return std::move(closed).error();
  if (*closed)
    log_.write(LogLevel::notice, "CALINT0228",
               fmt::format("{}: {}; {} jobs that waited for it are due within {} s", breaker.name, why, (*closed)->jobs,
                           (*closed)->spread.count()));
  return {};
}

Status Breakers::release(const store::Breaker& breaker, Deadline deadline) {
  for (int batch = 0; batch < kBatches; ++batch) {
    auto done = store::release_jobs(runtime_.pool(), breaker, deadline);
    if (!done) return std::move(done).error();
    if (*done) break;
  }
  return {};
}

}  // namespace calint::jobs
