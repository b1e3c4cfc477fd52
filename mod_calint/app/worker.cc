#include "app/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "crypto/random.h"
#include "integration/due_refresh.h"
#include "integration/due_validation.h"
#include "integration/pace.h"
#include "store/housekeeping.h"
#include "store/nodes.h"

namespace calint::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestPause{2000};
constexpr milliseconds kShortestPause{250};
constexpr milliseconds kListenEvery{100};

// In a run.
constexpr milliseconds kLookEvery{1000};
constexpr milliseconds kWaitAtMost{100};
// A claim is for half of a thread's calls at least, so that it doesn't cost as much as they do; or for fewer after this
// time, so that calls that hang leave no place empty.
constexpr milliseconds kFewAfter{50};

// A node counts as live for a day.
constexpr std::chrono::minutes kStayKnownEvery{10};
constexpr std::chrono::hours kWarnEvery{1};

// All statements of a claim.
constexpr seconds kClaim{5};

milliseconds pause_of(milliseconds next, double unit) {
  const milliseconds bounded = std::clamp(next, kShortestPause, kLongestPause);
  return milliseconds(static_cast<int64_t>(static_cast<double>(bounded.count()) * (0.75 + 0.25 * unit)));
}

std::vector<ProviderId> configured(const Runtime& runtime) {
  std::vector<ProviderId> ids;
  for (const ProviderFacts& one : kProviders)
    if (runtime.provider(one.id) != nullptr) ids.push_back(one.id);
  return ids;
}

// One provider: all; two: two thirds each; three: half each.
unsigned part_of(unsigned limit, size_t providers) {
  return std::max(1U, static_cast<unsigned>(2 * limit / (providers + 1)));
}

}  // namespace

// A call's share of the node's and of its provider's, while its task runs.
class Worker::Seat {
 public:
  Seat(Worker& worker, Lane& lane, ProviderPlaces::Place place)
      : worker_(worker), lane_(lane), place_(std::move(place)) {
    ++lane_.running;
    ++worker_.running_;
  }
  ~Seat() {
    const std::lock_guard lock(worker_.mutex_);
    --lane_.running;
    --worker_.running_;
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

 private:
  Worker& worker_;
  Lane& lane_;
  ProviderPlaces::Place place_;
};

// A call's share of its account's. False where the account has as many calls under way as it may.
class Worker::AccountSeat {
 public:
  AccountSeat(Worker& worker, const std::string& account, int most) : worker_(worker) {
    const std::lock_guard lock(worker_.mutex_);
    auto [entry, is_new] = worker_.accounts_.try_emplace(account, 0);
    if (entry->second >= most) return;
    ++entry->second;
    entry_ = entry;
  }
  ~AccountSeat() {
    const std::lock_guard lock(worker_.mutex_);
    if (entry_ && --(*entry_)->second == 0) worker_.accounts_.erase(*entry_);
  }
  AccountSeat(const AccountSeat&) = delete;
  AccountSeat& operator=(const AccountSeat&) = delete;
  explicit operator bool() const { return entry_.has_value(); }

 private:
  Worker& worker_;
  std::optional<std::map<std::string, int>::iterator> entry_;
};

Worker::Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options)
    : runtime_(runtime),
      log_(log),
      stopping_(std::move(stopping)),
      options_(std::move(options)),
      owner_(runtime.node_id() + "/worker/" + crypto::random_token(12)),
      providers_(configured(runtime)),
      lane_limit_(part_of(runtime.background_limit(), providers_.size())),
      calls_((runtime.background_limit() + options_.threads - 1) / options_.threads) {
  for (ProviderId id : providers_) lanes_.push_back({.provider = id});
  if (!options_.listen.empty()) listener_ = std::make_unique<postgres::Listener>(options_.listen);
}

Worker::~Worker() = default;

std::chrono::milliseconds Worker::run() {
  if (stopping_()) return kLongestPause;
  if (!is_time()) return kListenEvery;
  trouble_ = over_ = has_begun_ = false;
  guarded([this] { look(); });
  work();
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  for (std::thread& helper : helpers_) helper.join();
  helpers_.clear();
  if (chores_.joinable()) chores_.join();
  const milliseconds pause = pause_of(trouble_ ? kLongestPause : next_, crypto::random_unit());
  next_run_ = Clock::now() + pause;
  return listener_ ? kListenEvery : pause;
}

Call Worker::call() const {
  return {.log = log_, .deadline = Deadline::in(runtime_.settings().total_timeout + seconds(1))};
}

integration::RevocationTools Worker::revocation_tools() const {
  return {.pool = runtime_.pool(),
          .keyset = runtime_.keyset(),
          .log = log_,
          .clock = runtime_.clock(),
          .provider = [this](ProviderId id) { return runtime_.oauth(id); },
          .owner = owner_};
}

integration::HouseTools Worker::house_tools() const {
  return {.pool = runtime_.pool(), .keyset = runtime_.keyset(), .log = log_, .stopping = stopping_};
}

bool Worker::is_time() {
  const bool is_woken = heard();
  return is_woken || Clock::now() >= next_run_;
}

bool Worker::heard() {
  if (!listener_) return false;
  auto heard = listener_->heard();
  if (heard) return *heard;
  log_.write(LogLevel::warning, "CALINT0225",
             fmt::format("CalIntDatabaseListen: {} ({}); until that works the database is asked every two seconds",
                         heard.error().what, heard.error().code));
  return false;
}

// What is due, and what isn't a provider's.
void Worker::look() {
  looked_ = Clock::now();
  const Deadline deadline = Deadline::in(kClaim);
  auto known = stay_known();
  auto due = known ? store::what_is_due(runtime_.pool(), providers_, deadline) : Result<store::Due>(known.error());
  if (!due) return note(due.error());
  next_ = due->next;
  {
    const std::lock_guard lock(mutex_);
    for (Lane& lane : lanes_) {
      const store::Due::Lane& found = due->lane(lane.provider);
      lane.due[validations] = found.validations;
      lane.due[revocations] = found.revocations;
      lane.due[refreshes] = found.refreshes;
    }
  }
  if (due->announcement) check(store::announce_changes(runtime_.pool(), deadline));
  check(warn_of_others());
  begin_chores(*due);
}

// What waits for a provider that isn't configured here.
Status Worker::warn_of_others() {
  if (looked_ < warned_ + kWarnEvery) return {};
  std::vector<ProviderId> others;
  for (const ProviderFacts& one : kProviders)
    if (runtime_.provider(one.id) == nullptr) others.push_back(one.id);
  auto due = store::what_is_due(runtime_.pool(), others, Deadline::in(kClaim));
  if (!due) return std::move(due).error();
  for (ProviderId id : others)
    if (due->lane(id).anything())
      log_.write(LogLevel::warning, "CALINT0224",
                 fmt::format("something is due at {}, which has no <CalIntProvider> here: unless another server of this"
                             " database has one, it waits",
                             to_string(id)));
  warned_ = looked_;
  return {};
}

// On a thread of their own: they may take long, and no call waits for them.
void Worker::begin_chores(const store::Due& due) {
  if ((!due.retention && !due.leavers) || at_chores_) return;
  if (chores_.joinable()) chores_.join();
  at_chores_ = has_begun_ = true;
  ++running_;
  try {
    chores_ = std::thread([this, due] {
      guarded([&] {
        if (due.retention) check(integration::run_retention(house_tools()));
        if (due.leavers) check(integration::run_leavers(house_tools()));
      });
      at_chores_ = false;
      --running_;
    });
  } catch (const std::system_error&) {
    at_chores_ = false;  // no thread to be had: later
    --running_;
  }
}

Status Worker::stay_known() {
  const auto now = Clock::now();
  if (now < known_until_) return {};
  auto seen = store::see_node(runtime_.pool(), runtime_.node_id(), Deadline::in(kClaim));
  if (seen) known_until_ = now + kStayKnownEvery;
  return seen;
}

void Worker::work() {
  CallLoop loop(calls_);
  for (Clock::time_point filled{};;) {
    guarded([this] {
      if (!stopping_() && (Clock::now() >= looked_ + kLookEvery || heard())) look();
    });
    step(loop, filled);
    if (running_ > 0) {
      loop.wait(kWaitAtMost);
      continue;
    }
    // What was done may have made other things due.
    if (stopping_() || trouble_ || !has_begun_.exchange(false)) return;
    guarded([this] { look(); });
  }
}

void Worker::help() {
  CallLoop loop(calls_);
  for (Clock::time_point filled{}; !over_ || loop.running() > 0;) {
    step(loop, filled);
    loop.wait(kWaitAtMost);
  }
}

// One more thread, where there may be one.
void Worker::call_for_help() try {
  const std::lock_guard lock(mutex_);
  if (!over_ && helpers_.size() + 1 < options_.threads) helpers_.emplace_back([this] { guarded([this] { help(); }); });
} catch (const std::system_error&) {
  // With fewer threads it takes longer.
}

void Worker::step(CallLoop& loop, Clock::time_point& filled) {
  if (over_ || stopping_()) return;
  const auto now = Clock::now();
  const bool few_will_do = loop.running() == 0 || now >= filled + kFewAfter;
  if (few_will_do) filled = now;
  guarded([&] { fill(loop, few_will_do ? 1 : (calls_ + 1) / 2); });
}

// Claims as much as there is room for, where that is `least` for a kind, and begins it.
void Worker::fill(CallLoop& loop, size_t least) {
  const size_t all = lanes_.size() * kinds;
  const unsigned first = turn_++;
  for (size_t i = 0; i < all; ++i) {
    const size_t one = (first + i) % all;
    fill(loop, least, lanes_[one % lanes_.size()], static_cast<Kind>(one / lanes_.size()));
  }
}

void Worker::fill(CallLoop& loop, size_t least, Lane& lane, Kind kind) {
  postgres::Pool& pool = runtime_.pool();
  const Deadline deadline = Deadline::in(kClaim);
  switch (kind) {
    case validations:
      return take(
          loop, least, lane, kind,
          [&](int most, store::Turn* turn) {
            return store::claim_validations(pool, lane.provider, integration::kValidationPace, owner_, most, deadline, turn);
          },
          [this](const Call& call, const store::DueValidation& due) { validate(call, due); },
          [this](const Call& call, const store::DueValidation& due) {
            integration::give_back(runtime_, call, due, owner_, seconds(0));
          });
    case revocations:
      return take(
          loop, least, lane, kind,
          [&](int most, store::Turn* turn) {
            return store::claim_due_revocations(pool, lane.provider, integration::kRevocationPace, owner_, most, deadline, turn);
          },
          [this](const Call& call, const store::RevocationJob& job) {
            integration::RevocationCount count;
            check(integration::work_on(revocation_tools(), job, call.deadline, count));
          },
          [this](const Call& call, const store::RevocationJob& job) { give_back(call, job); });
    default:
      return take(
          loop, least, lane, kind,
          [&](int most, store::Turn* turn) {
            return store::claim_refreshes(pool, lane.provider, integration::kRefreshPace, owner_, most, deadline, turn);
          },
          [this](const Call& call, const store::DueRefresh& due) { integration::refresh(runtime_, call, due, owner_, stopping_); },
          [this](const Call& call, const store::DueRefresh& due) {
            integration::give_back(runtime_, call, due, owner_, seconds(0));
          });
  }
}

template <typename Claim, typename Work, typename GiveBack>
void Worker::take(CallLoop& loop, size_t least, Lane& lane, Kind kind, Claim claim, Work work, GiveBack give_back) {
  auto free = seats(loop, least, lane, kind);
  if (free.empty()) return;
  store::Turn turn = turn_of(lane, kind);
  auto claimed = claim(static_cast<int>(free.size()), &turn);
  const bool may_be_more = claimed && claimed->size() == free.size();
  {
    const std::lock_guard lock(mutex_);
    lane.turns[kind] = std::move(turn);
    if (!may_be_more) lane.due[kind] = false;
  }
  if (!claimed) return note(claimed.error());
  if (may_be_more) call_for_help();
  for (const auto& due : *claimed) {
    if (stopping_()) {
      give_back(call(), due);
      continue;
    }
    has_begun_ = true;
    // The seat ends with the task.
    loop.start([this, seat = std::move(free.back()), work, due] { guarded([&] { work(call(), due); }); });
    free.pop_back();
  }
}

store::Turn Worker::turn_of(const Lane& lane, Kind kind) {
  const std::lock_guard lock(mutex_);
  return lane.turns[kind];
}

// As many as the thread, the provider and the node have room for; none where that is less than `least`.
std::vector<std::shared_ptr<Worker::Seat>> Worker::seats(CallLoop& loop, size_t least, Lane& lane, Kind kind) {
  std::vector<std::shared_ptr<Seat>> free;
  free.reserve(calls_);
  {
    const std::lock_guard lock(mutex_);
    const size_t room = std::min<size_t>(calls_ - loop.running(), lane_limit_ - lane.running);
    while (lane.due[kind] && room >= least && free.size() < room) {
      auto place = runtime_.background_place();
      if (!place) break;
      free.push_back(std::make_shared<Seat>(*this, lane, std::move(*place)));
    }
  }
  if (free.size() < least) free.clear();
  return free;
}

void Worker::validate(const Call& call, const store::DueValidation& due) {
  const AccountSeat seat(*this, due.account_key, facts(due.provider).calls_at_once);
  if (!seat) return integration::give_back(runtime_, call, due, owner_, integration::place_pause(crypto::random_unit()));
  integration::validate(runtime_, call, due, owner_);
}

void Worker::give_back(const Call& call, const store::RevocationJob& job) {
  check(store::postpone_job(runtime_.pool(), job.organization_id, job.id, owner_, {.attempts = job.attempts - 1},
                            call.deadline));
}

// What throws stays claimed for as long as the claim put it off, and counts as an attempt.
void Worker::guarded(const std::function<void()>& work) try {
  work();
} catch (const std::exception& error) {
  log_.write(LogLevel::error, "CALINT0216", fmt::format("background work met a bug: {}", error.what()));
}

void Worker::note(const Error& error) {
  trouble_ = true;
  log_.write(error.fault == Fault::operator_fault ? LogLevel::error : LogLevel::warning,
             error.fault == Fault::operator_fault ? "CALINT0204" : "CALINT0205",
             fmt::format("background work: {} ({})", error.what, error.code));
}

}  // namespace calint::app
