#include "app/worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "app/due_refresh.h"
#include "app/due_validation.h"
#include "app/pace.h"
#include "crypto/random.h"
#include "store/due.h"
#include "store/housekeeping.h"
#include "store/nodes.h"

namespace calint::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kLongestPause{2000};
constexpr milliseconds kShortestPause{250};
constexpr milliseconds kWithoutPlace{1000};

// A node counts as live for a day.
constexpr std::chrono::minutes kStayKnownEvery{10};

// All statements of a claim.
constexpr seconds kClaim{5};

// How long a run claims.
constexpr seconds kRun{5};

// Refreshes come in masses: more of them at a claim, which costs most where much is due. Not more than the threads end
// within the time that the claim puts them off.
constexpr int kRefreshesPerThread = 4;

milliseconds pause_of(milliseconds next, double unit) {
  const milliseconds bounded = std::clamp(next, kShortestPause, kLongestPause);
  return milliseconds(static_cast<int64_t>(static_cast<double>(bounded.count()) * (0.75 + 0.25 * unit)));
}

}  // namespace

Worker::Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options)
    : runtime_(runtime),
      log_(log),
      stopping_(std::move(stopping)),
      options_(options),
      owner_(runtime.node_id() + "/worker/" + crypto::random_token(12)) {}

std::chrono::milliseconds Worker::run() {
  if (stopping_()) return kLongestPause;
  next_ = kLongestPause;
  claims_end_ = Deadline::in(kRun);
  retention_begun_ = leavers_begun_ = false;
  trouble_ = false;
  if (auto known = stay_known(); known)
    claim();
  else
    note(known.error());
  const size_t wished = std::min<size_t>(options_.threads, queue_.size());
  std::vector<std::thread> threads;
  threads.reserve(wished);
  try {
    while (threads.size() < wished) threads.emplace_back([this] { work_until_nothing_is_due(); });
  } catch (const std::system_error&) {
    // Fewer threads than wished for; with none at all this one works.
    if (threads.empty()) work_until_nothing_is_due();
  }
  for (std::thread& thread : threads) thread.join();
  give_rest_back();
  return pause_of(trouble_ ? kLongestPause : next_, crypto::random_unit());
}

Call Worker::call() const {
  return {.request = no_request_,
          .log = log_,
          .deadline = Deadline::in(runtime_.settings().total_timeout + seconds(1))};
}

RevocationTools Worker::revocation_tools() const {
  return {.pool = runtime_.pool(),
          .keyset = runtime_.keyset(),
          .log = log_,
          .clock = runtime_.clock(),
          .provider = [this](ProviderId id) { return runtime_.oauth_provider(id); },
          .owner = owner_};
}

HouseTools Worker::house_tools() const {
  return {.pool = runtime_.pool(), .keyset = runtime_.keyset(), .log = log_, .stopping = stopping_};
}

// A thread has no guard of its own.
void Worker::work_until_nothing_is_due() try {
  while (auto task = next_task()) perform(*task);
} catch (const std::exception& error) {
  log_.write(LogLevel::error, "CALINT0216", fmt::format("a background thread ended by a bug: {}", error.what()));
}

std::optional<Worker::Task> Worker::next_task() {
  const std::lock_guard lock(mutex_);
  if (stopping_()) return std::nullopt;
  if (queue_.empty() && !claims_end_->passed()) claim();
  if (queue_.empty() || stopping_()) return std::nullopt;
  if (queue_.front().give_back) {
    // Without a place this thread is one too many.
    auto place = runtime_.background_place();
    if (!place) return std::nullopt;
    queue_.front().place.emplace(std::move(*place));
  }
  Task task = std::move(queue_.front());
  queue_.pop_front();
  return task;
}

// What nobody began: at a stop, or because there was no place. What this doesn't get to runs out by itself.
void Worker::give_rest_back() {
  const Call all = call();
  for (const Task& task : queue_)
    if (task.give_back && !all.deadline.passed())
      task.give_back(all, stopping_() ? seconds(0) : place_pause(crypto::random_unit()));
  queue_.clear();
}

void Worker::claim() {
  const Deadline deadline = Deadline::in(kClaim);
  std::vector<ProviderId> configured;
  for (const ProviderFacts& provider : kProviders)
    if (runtime_.provider(provider.id) != nullptr) configured.push_back(provider.id);
  auto due = store::what_is_due(runtime_.pool(), configured, deadline);
  if (!due) return note(due.error());
  next_ = due->next;
  if (due->announcement) check(store::announce_changes(runtime_.pool(), deadline));
  add_chores(*due);
  // A claim that can't be worked on would be given back at once.
  if (!runtime_.background_place()) {
    next_ = std::max(next_, kWithoutPlace);
    return;
  }
  for (const ProviderId provider : configured) {
    const store::Due::Lane& lane = due->lane(provider);
    if (lane.validations) add_validations(provider, deadline);
    if (lane.revocations) add_revocations(provider, deadline);
    if (lane.refreshes) add_refreshes(provider, deadline);
  }
}

// Each once a run: one that can't be claimed doesn't keep the run going.
void Worker::add_chores(const store::Due& due) {
  if (due.retention && !std::exchange(retention_begun_, true))
    queue_.push_back({[this](const Call&) { check(run_retention(house_tools())); }});
  if (due.leavers && !std::exchange(leavers_begun_, true))
    queue_.push_back({[this](const Call&) { check(run_leavers(house_tools())); }});
}

void Worker::add_validations(ProviderId provider, Deadline deadline) {
  auto claimed = store::claim_validations(runtime_.pool(), provider, kValidationPace, owner_, half(), deadline);
  if (!claimed) return note(claimed.error());
  for (const store::DueValidation& due : *claimed)
    queue_.push_back({[=, this](const Call& call) { validate(runtime_, call, due, owner_); },
                      [=, this](const Call& call, seconds in) { app::give_back(runtime_, call, due, owner_, in); }});
}

void Worker::add_revocations(ProviderId provider, Deadline deadline) {
  auto claimed = store::claim_due_revocations(runtime_.pool(), provider, kRevocationPace, owner_, half(), deadline);
  if (!claimed) return note(claimed.error());
  for (const store::RevocationJob& job : *claimed)
    queue_.push_back({[=, this](const Call& call) {
                        RevocationCount count;
                        check(work_on(revocation_tools(), job, call.deadline, count));
                      },
                      [=, this](const Call& call, seconds in) { give_back(call, job, in); }});
}

void Worker::add_refreshes(ProviderId provider, Deadline deadline) {
  const int most = kRefreshesPerThread * static_cast<int>(options_.threads);
  auto claimed = store::claim_refreshes(runtime_.pool(), provider, kRefreshPace, owner_, most, deadline);
  if (!claimed) return note(claimed.error());
  for (const store::DueRefresh& due : *claimed)
    queue_.push_back({[=, this](const Call& call) { refresh(runtime_, call, due, owner_, stopping_); },
                      [=, this](const Call& call, seconds in) { app::give_back(runtime_, call, due, owner_, in); }});
}

void Worker::give_back(const Call& call, const store::RevocationJob& job, std::chrono::seconds in) {
  check(store::postpone_job(runtime_.pool(), job.organization_id, job.id, owner_,
                            {.in = in, .attempts = job.attempts - 1}, call.deadline));
}

int Worker::half() const { return std::max(1, static_cast<int>(options_.threads / 2)); }

// What throws stays claimed for as long as the claim put it off, and counts as an attempt.
void Worker::perform(const Task& task) try {
  task.work(call());
} catch (const std::exception& error) {
  log_.write(LogLevel::error, "CALINT0216", fmt::format("a background job ended by a bug: {}", error.what()));
}

void Worker::note(const Error& error) {
  trouble_ = true;
  log_.write(error.fault == Fault::operator_fault ? LogLevel::error : LogLevel::warning,
             error.fault == Fault::operator_fault ? "CALINT0204" : "CALINT0205",
             fmt::format("background work: {} ({})", error.what, error.code));
}

Status Worker::stay_known() {
  const auto now = std::chrono::steady_clock::now();
  if (now < known_until_) return {};
  auto seen = store::see_node(runtime_.pool(), runtime_.node_id(), Deadline::in(kClaim));
  if (seen) known_until_ = now + kStayKnownEvery;
  return seen;
}

}  // namespace calint::app
