#include "sync/due_sync.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/reaction.h"
#include "crypto/random.h"
#include "integration/oauth_clients.h"
#include "integration/shared_failure.h"
#include "integration/validation.h"
#include "jobs/needless.h"
#include "jobs/perform.h"
#include "store/integrations.h"
#include "sync/read_calendar.h"

namespace calint::sync {
namespace {

using store::Integration;

// Of what waits for its user or for a validation, which hastens it.
constexpr std::chrono::hours kWaits{1};

// Over how long jobs are spread for which there was no request.
constexpr std::chrono::seconds kQuotaSpread{30};

// When an attempt was last heard of.
std::optional<Instant> heard_of(const Integration& integration, const store::Sync& sync) {
  return std::max({sync.last_synced_at, sync.tried_at, integration.connected_at});
}

jobs::Limits limits_of(const Integration& integration, const store::Sync& sync, std::chrono::seconds grace) {
  jobs::Limits limits{
      .account_key = integration.account_key,
      .counterpart = {.provider = integration.provider, .client = integration::describe(integration.client)}};
  if (const auto heard = heard_of(integration, sync)) limits.tried_until = *heard + grace;
  return limits;
}

// Whether it says that this calendar can't be read now, rather than something about us or the whole connection.
bool is_calendars(const Error& error) {
  if (error.of_database) return false;
  switch (error.fault) {
    case Fault::forbidden:
    case Fault::gone:
    case Fault::rate_limited:
    case Fault::unavailable: return true;
    default: return false;
  }
}

class DueSync final : public jobs::Job {
 public:
  DueSync(store::SyncJob job, std::chrono::seconds grace)
      : Job(std::move(job.job), limits_of(*job.integration, *job.sync, grace)),
        integration_(std::move(*job.integration)),
        sync_(std::move(*job.sync)),
        quota_wait_(job.quota_wait) {}

  std::string name() const override {
    return fmt::format("sync {} at {}, integration {}", sync_.id, to_string(integration_.provider), integration_.id);
  }

  Result<jobs::Outcome> work(const jobs::Context& context) override {
    if (integration_.status != ConnectionStatus::connected || context.runtime.changes(integration_.provider) == nullptr)
      return jobs::Outcome{"waits", store::Again{.in = kWaits}};
    if (quota_wait_) return without_quota();
    CalendarRead read(context, claimed(), integration_, sync_);
    auto seen = read.run();
    if (read.requests() > 1) spend(context, read.requests() - 1);
    if (seen) {
      jobs::Outcome outcome = done(context, *seen);
      outcome.is_well = true;
      return outcome;
    }
    if (seen.error().fault == Fault::reconnect) return refused(context, seen.error(), read.said_by());
    if (is_calendars(seen.error())) return failed(context, seen.error(), read.said_by());
    return std::move(seen).error();
  }

  std::optional<store::Breaker> breaker(const Runtime& runtime, const Error& error) const override {
    return integration::breaker_of(runtime, kSync.name, integration_, error);
  }

  Status give_up(const jobs::Context& context, const std::string& why) override {
    note(context, LogLevel::error, "CALINT0231", "given up: " + why);
    return store::give_up_sync(context.runtime.pool(), claimed(), sync_, context.for_storing());
  }

 private:
  jobs::Outcome done(const jobs::Context& context, const Seen& seen) const {
    tell_success(context.runtime, context.call.log, limits().counterpart);
    std::string found = fmt::format("{} intervals came and {} went", seen.added, seen.removed);
    if (seen.left_out > 0) found += fmt::format(", {} events couldn't be read as written", seen.left_out);
    if (seen.owed > 0) found += fmt::format(", {} couldn't be got and are asked for again", seen.owed);
    const bool is_news = seen.added + seen.removed > 0 || seen.left_out + seen.owed > 0;
    const LogLevel level = is_news ? LogLevel::info : LogLevel::debug;
    switch (seen.look) {
      case Look::everything: note(context, level, "CALINT0230", "everything was read: " + found); return {"read_fully"};
      case Look::comparison: note(context, level, "CALINT0230", "all was compared: " + found); return {"compared"};
      case Look::expansion: note(context, level, "CALINT0230", "the window moved on: " + found); return {"expanded"};
      case Look::changes: break;
    }
    note(context, level, "CALINT0230", found);
    return {is_news ? "read" : "unchanged"};
  }

  // Not an attempt.
  jobs::Outcome without_quota() const {
    const auto spread = std::chrono::seconds(1) + std::chrono::duration_cast<std::chrono::seconds>(
                                                      std::chrono::duration<double>(kQuotaSpread) * crypto::random_unit());
    return {"no_quota", store::Again{.in = *quota_wait_ + spread, .attempts = claimed().attempts - 1}};
  }

  // What came of the read is stored: that this isn't costs other calendars a little of their quota at most.
  void spend(const jobs::Context& context, int requests) const {
    auto spent = store::spend_requests(context.runtime.pool(), integration_.client, requests, context.for_storing());
    if (!spent)
      tell_failure(context.runtime, context.call.log, limits().counterpart, spent.error(),
                   name() + ": its requests could not be counted");
  }

  // After a limit that may be all its users': whatever else its OAuth client would ask is as little welcome.
  void pause_client(const jobs::Context& context) const {
    auto pause = store::pause_client(context.runtime.pool(), integration_.client, context.for_storing());
    if (!pause)
      tell_failure(context.runtime, context.call.log, limits().counterpart, pause.error(),
                   name() + ": the pause of its OAuth client could not be stored");
    if (pause && *pause)
      context.call.log.write(LogLevel::notice, "CALINT0232",
                             fmt::format("{}: too many requests, says the provider, and not how long to wait: no calendar"
                                         " is read for {} s", name_of_client(limits().counterpart), (*pause)->count()));
  }

  // Its busy time stays.
  Result<jobs::Outcome> failed(const jobs::Context& context, const Error& error, SaidBy who) {
    const bool is_limit = error.fault == Fault::rate_limited && error.detail != Detail::own_limit &&
                          who == SaidBy::calendar_service;
    if (is_limit && error.retry_after.count() == 0 && integration_.client.id != 0) pause_client(context);
    jobs::note_failure(kSync, *this, context, error);
    store::Again again = jobs::again_after(*this, error);
    if (error.retry_after.count() > 0) again.reason = store::kToldToWait;
    auto stored = store::note_sync_trouble(context.runtime.pool(), sync_, std::string(to_string(error.fault)),
                                           {claimed(), std::move(again)}, context.for_storing());
    if (!stored) return std::move(stored).error();
    return jobs::Outcome{"postponed"};
  }

  // The token endpoint knows that the grant is gone. What the calendar service alone refuses, a validation looks into.
  Result<jobs::Outcome> refused(const jobs::Context& context, const Error& error, SaidBy who) {
    const bool is_gone = who == SaidBy::token_endpoint;
    if (is_gone)
      note(context, LogLevel::notice, "CALINT0214", "its user has to reconnect: " + error.what);
    else
      jobs::note_failure(kSync, *this, context, error);
    auto stored = store::store_failure(
        context.runtime.pool(), integration_,
        {.status = is_gone ? ConnectionStatus::expired : ConnectionStatus::error,
         .reason = integration::reason_of(error),
         .put_off = store::PutOff{claimed(), {.in = kWaits, .reason = std::string(to_string(error.fault))}}},
        {}, context.for_storing());
    if (!stored) return std::move(stored).error();
    return jobs::Outcome{is_gone ? "expired" : "postponed"};
  }

  void note(const jobs::Context& context, LogLevel level, std::string_view tag, const std::string& text) const {
    context.call.log.write(level, tag, fmt::format("{}: {}", name(), text));
  }

  Integration integration_;  // as last seen
  const store::Sync sync_;
  const std::optional<std::chrono::seconds> quota_wait_;
};

std::vector<store::Quota> quotas_of(const Settings& settings) {
  std::vector<store::Quota> quotas;
  for (const auto& [id, provider] : settings.providers)
    if (facts(id).has_oauth)
      quotas.push_back({id, provider.requests_per_minute == 0 ? kRequestsPerMinute : provider.requests_per_minute});
  return quotas;
}

Result<jobs::Claimed> claim_due(Runtime& runtime, const store::Claim& claim, store::RoundRobin& round,
                                Deadline deadline) {
  auto due = store::claim_syncs(runtime.pool(), claim, quotas_of(runtime.settings()), round, deadline);
  if (!due) return std::move(due).error();
  jobs::Claimed claimed{.may_be_more = due->may_be_more};
  for (store::SyncJob& one : due->jobs) {
    if (one.integration && one.sync)
      claimed.jobs.push_back(std::make_unique<DueSync>(std::move(one), runtime.settings().expiry_grace));
    else
      claimed.jobs.push_back(std::make_unique<jobs::Needless>(std::move(one.job), "sync"));
  }
  return claimed;
}

}  // namespace

const jobs::Kind kSync{.name = "sync",
                       .backoff = {.first = kReadLease, .most = std::chrono::minutes(30)},
                       .lease = kReadLease,
                       .share = 0.75,
                       .failed_tag = "CALINT0229",
                       .claim = claim_due};

}  // namespace calint::sync
