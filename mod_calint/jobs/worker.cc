#include "jobs/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <system_error>

#include "base/reaction.h"
#include "crypto/random.h"
#include "jobs/perform.h"
#include "store/due.h"
#include "store/housekeeping.h"

namespace calint::jobs {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kLongestPause{2000};
constexpr milliseconds kShortestPause{250};
constexpr milliseconds kListenEvery{100};

// In a run.
constexpr milliseconds kLookEvery{1000};
constexpr milliseconds kWaitAtMost{100};
// A claim is for half of a thread's calls at least, so that it doesn't cost as much as they do; or for fewer after this
// time, so that calls that hang leave no slot empty.
constexpr milliseconds kFewAfter{50};

constexpr std::chrono::hours kWarnEvery{1};

// All statements of a claim.
constexpr seconds kClaim{5};

milliseconds pause_of(milliseconds next, double unit) {
  const milliseconds bounded = std::clamp(next, kShortestPause, kLongestPause);
  return milliseconds(static_cast<int64_t>(static_cast<double>(bounded.count()) * (0.75 + 0.25 * unit)));
}

std::vector<std::string> names_of(std::span<const Kind* const> kinds) {
  std::vector<std::string> names;
  for (const Kind* kind : kinds) names.emplace_back(kind->name);
  return names;
}

// Of the node's slots, a provider's. One provider: all; two: two thirds each; three: half each.
unsigned lane_limit(unsigned slots, size_t providers) {
  return std::max(1U, static_cast<unsigned>(2 * slots / (providers + 1)));
}

// Of a provider's slots, a kind's.
unsigned kind_limit(unsigned slots, double share) {
  return std::max(1U, static_cast<unsigned>(std::lround(slots * share)));
}

size_t room_in(const InUse& in_use, unsigned limit) { return limit - std::min<unsigned>(in_use, limit); }

}  // namespace

Worker::Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options)
    : runtime_(runtime),
      log_(log),
      stopping_(std::move(stopping)),
      options_(std::move(options)),
      owner_(runtime.node_id() + "/worker/" + crypto::random_token(12)),
      kind_names_(names_of(options_.kinds)),
      lane_limit_(lane_limit(runtime.background_limit(), runtime.settings().providers.size())),
      calls_((runtime.background_limit() + options_.threads - 1) / options_.threads),
      breakers_(runtime, log) {
  for (const ProviderFacts& one : kProviders)
    if (runtime.provider(one.id) != nullptr) {
      calls_to_.push_back(std::make_unique<Calls>(one.id));
      add_lane(one.id, std::string(one.name));
    }
  for (const Chore* chore : options_.chores)
    if (chore->by == Chore::By::each_node) own_chores_[chore] = {};
  if (!options_.listen.empty()) listener_ = std::make_unique<postgres::Listener>(options_.listen);
}

Worker::~Worker() = default;

milliseconds Worker::run() {
  if (stopping_()) return kLongestPause;
  if (!is_time()) return kListenEvery;
  trouble_.reset();
  over_ = has_begun_ = is_troubled_ = false;
  guarded([this] { look(); });
  work();
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  for (std::thread& helper : helpers_) helper.join();
  helpers_.clear();
  if (long_chores_.joinable()) long_chores_.join();
  const milliseconds pause = pause_of(is_troubled_ ? kLongestPause : next_, crypto::random_unit());
  next_run_ = steady_clock::now() + pause;
  return listener_ ? kListenEvery : pause;
}

Call Worker::call() const {
  return {.log = log_, .deadline = Deadline::in(runtime_.settings().total_timeout + seconds(1))};
}

bool Worker::is_time() {
  const bool is_woken = heard();
  return is_woken || steady_clock::now() >= next_run_;
}

bool Worker::heard() {
  if (!listener_) return false;
  constexpr std::string_view kName = "CalIntDatabaseListen";
  auto heard = listener_->heard();
  if (!heard)
    runtime_.troubles().met(
        log_, kName,
        line_of(heard.error(), "CalIntDatabaseListen fails, the database is asked every two seconds", "CALINT0225"));
  else if (*heard)
    runtime_.troubles().over(log_, kName);
  return heard && *heard;
}

void Worker::look() {
  looked_ = steady_clock::now();
  const Deadline deadline = Deadline::in(kClaim);
  if (auto found = find_client_lanes(); !found) return note(found.error());
  breakers_.will_look();
  auto due = store::what_is_due(runtime_.pool(), kind_names_, lane_names(), breakers_.held(), deadline);
  if (!due) return note(due.error());
  tell_database_works(runtime_, log_);
  next_ = due->next;
  for (Lane* lane : lanes()) {
    const std::lock_guard lock(mutex_);
    for (size_t number = 0; number < kind_names_.size(); ++number) {
      const std::string& kind = kind_names_[number];
      lane->queues[number].due = due->has(kind, lane->name) && !breakers_.holds(kind, lane->name);
    }
  }
  if (auto looked = look_at_breakers(std::move(due->breakers), deadline); !looked) note(looked.error());
  if (auto warned = warn_of_others(); !warned) note(warned.error());
  do_chores(*due);
}

// Those of the server's own OAuth clients, which the database knows once somebody has connected through them.
Status Worker::find_client_lanes() {
  std::vector<std::pair<ProviderId, std::string>> unknown;
  for (const auto& [id, settings] : runtime_.settings().providers)
    if (!settings.client_id.empty() && !known_clients_.contains(id)) unknown.emplace_back(id, settings.client_id);
  if (unknown.empty()) return {};
  auto found = store::client_lanes(runtime_.pool(), unknown, Deadline::in(kClaim));
  if (!found) return std::move(found).error();
  for (const store::Lane& lane : *found) {
    add_lane(lane.provider, lane.name);
    known_clients_.insert(lane.provider);
  }
  return {};
}

void Worker::add_lane(ProviderId provider, const std::string& name) {
  const auto calls = std::ranges::find(calls_to_, provider, [](const auto& one) { return one->provider; });
  const std::lock_guard lock(mutex_);
  lanes_.push_back(std::make_unique<Lane>(name, **calls, options_.kinds.size()));
}

std::vector<Worker::Lane*> Worker::lanes() {
  const std::lock_guard lock(mutex_);
  std::vector<Lane*> all;
  for (const auto& lane : lanes_) all.push_back(lane.get());
  return all;
}

std::vector<std::string> Worker::lane_names() {
  std::vector<std::string> names;
  for (const Lane* lane : lanes()) names.push_back(lane->name);
  return names;
}

// What is held isn't due, but for one job where it is this node's to try.
Status Worker::look_at_breakers(std::vector<store::Breaker> breakers, Deadline deadline) {
  auto to_try = breakers_.look(std::move(breakers), lane_names(), kind_names_, deadline);
  if (!to_try) return std::move(to_try).error();
  leave_what_is_held();
  for (const store::Breaker& breaker : *to_try) {
    Lane& lane = lane_of(breaker);
    const std::lock_guard lock(mutex_);
    const auto kind = std::ranges::find(kind_names_, breaker.kinds.front()) - kind_names_.begin();
    lane.queues[static_cast<size_t>(kind)].due = lane.queues[static_cast<size_t>(kind)].is_probe = true;
  }
  return {};
}

void Worker::leave_what_is_held() {
  for (Lane* lane : lanes()) {
    const std::lock_guard lock(mutex_);
    for (size_t kind = 0; kind < kind_names_.size(); ++kind)
      if (breakers_.holds(kind_names_[kind], lane->name)) lane->queues[kind].due = lane->queues[kind].is_probe = false;
  }
}

Worker::Lane& Worker::lane_of(const store::Breaker& breaker) {
  for (Lane* lane : lanes())
    if (lane->name == breaker.lane) return *lane;
  add_lane(*breaker.provider, breaker.lane);
  return *lanes().back();
}

// What waits for a provider or an OAuth client that isn't configured here.
Status Worker::warn_of_others() {
  if (looked_ < warned_ + kWarnEvery) return {};
  auto found = store::lanes_with_work(runtime_.pool(), kind_names_, Deadline::in(kClaim));
  if (!found) return std::move(found).error();
  // A client of this server's that somebody has connected through since the lanes were looked up has its lane soon.
  const auto is_ours = [&, lanes = lane_names()](const store::LaneWithWork& lane) {
    return std::ranges::find(lanes, lane.name) != lanes.end() ||
           std::ranges::any_of(runtime_.settings().providers, [&](const auto& one) {
             return lane.client_id == one.second.client_id && lane.name.starts_with(to_string(one.first));
           });
  };
  for (const store::LaneWithWork& lane : *found)
    if (!is_ours(lane))
      log_.write(LogLevel::warning, "CALINT0224",
                 fmt::format("something is due at {}{}, for which there is no <CalIntProvider> here: unless another"
                             " server of this database has one, it waits",
                             lane.name.substr(0, lane.name.find('/')),
                             lane.client_id ? fmt::format(" for the OAuth client {}", *lane.client_id) : ""));
  warned_ = looked_;
  return {};
}

void Worker::do_chores(const store::Due& due) {
  std::vector<const Chore*> long_ones;
  for (const Chore* chore : options_.chores) {
    const auto own = own_chores_.find(chore);
    if (own == own_chores_.end() ? !due.has(chore->name) : looked_ < own->second) continue;
    if (own != own_chores_.end()) own->second = looked_ + chore->every;
    if (chore->takes_long)
      long_ones.push_back(chore);
    else
      do_chore(*chore);
  }
  if (!long_ones.empty()) begin_long_chores(std::move(long_ones));
}

void Worker::do_chore(const Chore& chore) {
  const Call call{.log = log_, .deadline = Deadline::in(kClaim)};
  if (chore.by == Chore::By::one_node && chore.every.count() > 0) {
    auto ours = store::claim_chore(runtime_.pool(), chore.name, chore.every, call.deadline);
    if (!ours) return note(ours.error());
    if (!*ours) return;
  }
  auto done = chore.run({.runtime = runtime_, .call = call, .stopping = stopping_});
  if (!done) return note(done.error());
  count(chore.name, {}, *done);
  if (*done > 0) has_begun_ = true;
}

void Worker::begin_long_chores(std::vector<const Chore*> chores) {
  if (at_long_chores_) return;
  if (long_chores_.joinable()) long_chores_.join();
  at_long_chores_ = has_begun_ = true;
  ++running_;
  try {
    long_chores_ = std::thread([this, chores = std::move(chores)] {
      for (const Chore* chore : chores) guarded([&] { do_chore(*chore); });
      at_long_chores_ = false;
      --running_;
    });
  } catch (const std::system_error&) {
    at_long_chores_ = false;  // no thread to be had: later
    --running_;
  }
}

void Worker::work() {
  CallLoop loop(calls_);
  for (Time filled{};;) {
    guarded([this] {
      if (!stopping_() && (steady_clock::now() >= looked_ + kLookEvery || heard())) look();
    });
    step(loop, filled);
    if (running_ > 0) {
      loop.wait(kWaitAtMost);
      continue;
    }
    // What was done may have made other things due.
    if (stopping_() || is_troubled_ || !has_begun_.exchange(false)) return;
    guarded([this] { look(); });
  }
}

void Worker::help() {
  CallLoop loop(calls_);
  for (Time filled{}; !over_ || loop.running() > 0;) {
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

void Worker::step(CallLoop& loop, Time& filled) {
  if (over_ || stopping_()) return;
  const auto now = steady_clock::now();
  const bool few_will_do = loop.running() == 0 || now >= filled + kFewAfter;
  if (few_will_do) filled = now;
  guarded([&] { fill(loop, few_will_do ? 1 : (calls_ + 1) / 2); });
}

// Claims as much as there is room for, where that is `least` for a kind, and begins it.
void Worker::fill(CallLoop& loop, size_t least) {
  const std::vector<Lane*> lanes = this->lanes();
  const size_t all = lanes.size() * options_.kinds.size();
  const unsigned first = first_++;
  for (size_t i = 0; i < all; ++i) {
    const size_t one = (first + i) % all;
    take(loop, least, *lanes[one % lanes.size()], one / lanes.size());
  }
}

void Worker::take(CallLoop& loop, size_t least, Lane& lane, size_t number) {
  const Kind& kind = *options_.kinds[number];
  Queue& queue = lane.queues[number];
  auto free = free_slots(loop, least, lane, number);
  if (free.empty()) return;
  store::RoundRobin round;
  {
    const std::lock_guard lock(mutex_);
    round = queue.round;
    // Another thread may have begun the one that tries since.
    if (!queue.due) return;
    if (queue.is_probe) {
      queue.due = queue.is_probe = false;
      free.resize(1);
    }
  }
  const std::string owner = fmt::format("{}/{}", owner_, ++claims_);
  auto claimed = kind.claim(runtime_, claim_of(kind, lane.name, owner, static_cast<int>(free.size())), round,
                            Deadline::in(kClaim));
  const bool may_be_more = claimed && claimed->may_be_more;
  {
    const std::lock_guard lock(mutex_);
    queue.round = std::move(round);
    if (!may_be_more) queue.due = false;
  }
  if (!claimed) return note(claimed.error());
  if (claimed->jobs.size() == free.size()) call_for_help();
  for (std::unique_ptr<Job>& job : claimed->jobs) {
    begin(loop, kind, lane, std::move(job), std::move(free.back()));
    free.pop_back();
  }
}

void Worker::ended(const Kind& kind, const Lane& lane, const Done& done, const Context& context) {
  count(kind.name, done.word);
  if (done.opened) {
    breakers_.opened(*done.opened);
    leave_what_is_held();
  }
  if (done.is_well)
    if (auto closed = breakers_.mended(kind.name, lane.name, context.for_storing()); !closed) note(closed.error());
}

// The slot ends with the task.
void Worker::begin(CallLoop& loop, const Kind& kind, const Lane& lane, std::shared_ptr<Job> job,
                   std::shared_ptr<Slot> slot) {
  if (!stopping_()) has_begun_ = true;
  const int at_once = facts(lane.calls.provider).calls_at_once;
  loop.start([this, &kind, &lane, at_once, job = std::move(job), slot = std::move(slot)] {
    guarded([&] {
      const Call call = this->call();
      const Context context{.runtime = runtime_, .call = call, .stopping = stopping_};
      const AccountLimits::Slot account(accounts_, job->limits().account_key, at_once);
      if (account)
        ended(kind, lane, perform(kind, *job, context), context);
      else
        wait_for_slot(*job, context);
    });
  });
}

// As many as the thread, the kind, the provider and the node have room for; none where that is less than `least`.
std::vector<std::shared_ptr<Slot>> Worker::free_slots(CallLoop& loop, size_t least, Lane& lane, size_t kind) {
  Queue& queue = lane.queues[kind];
  const unsigned limit = kind_limit(lane_limit_, options_.kinds[kind]->share);
  std::vector<std::shared_ptr<Slot>> free;
  free.reserve(calls_);
  {
    const std::lock_guard lock(mutex_);
    const size_t room = std::min({calls_ - loop.running(), room_in(lane.calls.running, lane_limit_),
                                  room_in(queue.running, limit)});
    while (queue.due && room >= least && free.size() < room) {
      auto call = runtime_.background_slot();
      if (!call) break;
      free.push_back(
          std::make_shared<Slot>(Slot::Counters{&queue.running, &lane.calls.running, &running_}, std::move(*call)));
    }
  }
  if (free.size() < least) free.clear();
  return free;
}

// What throws stays claimed for as long as the claim put it off, and counts as an attempt.
void Worker::guarded(const std::function<void()>& work) try {
  work();
} catch (const std::exception& error) {
  log_.write(LogLevel::error, "CALINT0216", fmt::format("background work met a bug: {}", error.what()));
}

void Worker::count(std::string_view what, std::string_view word, int64_t number) {
  const std::lock_guard lock(mutex_);
  counts_[{what, word}] += number;
}

void Worker::note(const Error& error) {
  {
    const std::lock_guard lock(mutex_);
    trouble_ = error;
  }
  is_troubled_ = true;
  tell_failure(runtime_, log_, {}, error, "background work");
}

}  // namespace calint::jobs
