#include <fmt/format.h>
#include <jansson.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "app/background.h"
#include "base/json_writer.h"
#include "base/url.h"
#include "crypto/keyset_file.h"
#include "ctl/command.h"
#include "integration/leavers.h"
#include "jobs/worker.h"
#include "store/breakers.h"
#include "store/jobs.h"

namespace calint::ctl {
namespace {

// To providers.
constexpr unsigned kCallsAtOnce = 4;

class StandardError final : public LogSink {
 public:
  void write(LogLevel level, std::string_view tag, std::string_view text) override {
    if (level != LogLevel::debug) fmt::print(stderr, "{}: {}\n", tag, text);
  }
};

// All of them, at their usual addresses; PROVIDER=URL for each whose revocation isn't there.
Result<std::map<ProviderId, ProviderSettings>> providers_of(const JobsCommand& command) {
  std::map<ProviderId, ProviderSettings> providers;
  for (const ProviderFacts& provider : kProviders) providers[provider.id] = {};
  for (const std::string& entry : command.revoke_urls) {
    const size_t equals = entry.find('=');
    const auto id = parse_provider(std::string_view(entry).substr(0, equals));
    if (equals == std::string::npos || !id)
      return Error{.fault = Fault::bad_input,
                   .what = "--revoke-url takes PROVIDER=URL, with one of " + provider_names()};
    auto url = parse_url(std::string_view(entry).substr(equals + 1));
    if (!url) return std::move(url).error();
    providers[*id].revoke_url = entry.substr(equals + 1);
  }
  return providers;
}

std::string host_name() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
}

int end_leavers(const Options& options, const JobsCommand& command, Runtime& runtime, LogSink& log, Deadline deadline) {
  const Call call{.log = log, .deadline = deadline};
  const std::function<bool()> stopping = [deadline] { return deadline.passed(); };
  auto done = integration::end_leavers({.runtime = runtime, .call = call, .stopping = stopping}, command.confirmed);
  if (!done) return report(options, done.error());
  if (options.json)
    fmt::print("{}\n", JsonObject().add("left", done->disconnected).add("held", done->held).text());
  else
    fmt::print("{} users had left; nobody was disconnected in {} organisations\n", done->disconnected, done->held);
  return static_cast<int>(done->held == 0 ? Exit::done : Exit::refused);
}

}  // namespace

int jobs_list(const Options& options) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  auto pool = open_pool(options);
  auto jobs = store::list_jobs(*pool, command_deadline());
  if (!jobs) return report(options, jobs.error());
  if (options.json) {
    fmt::print("{}\n", *jobs);
    return kDone;
  }
  json_t* list = json_loadb(jobs->data(), jobs->size(), 0, nullptr);
  size_t index = 0;
  json_t* job = nullptr;
  json_array_foreach(list, index, job) {
    auto text = [&](const char* name) {
      const char* value = json_string_value(json_object_get(job, name));
      return std::string(value == nullptr ? "-" : value);
    };
    fmt::print("{:>8}  {:<8}  {:<8}  user {}  {}  due {}  attempts {}  {}\n",
               json_integer_value(json_object_get(job, "id")), text("kind"), text("provider"), text("user_id"),
               text("state"), text("due_at"), json_integer_value(json_object_get(job, "attempts")), text("last_error"));
  }
  if (json_array_size(list) == 0) fmt::print("no jobs\n");
  json_decref(list);
  return kDone;
}

int jobs_retry(const Options& options) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  auto pool = open_pool(options);
  auto closed = store::close_all_breakers(*pool, command_deadline());
  if (!closed) return report(options, closed.error());
  auto hastened = store::hasten_operators_jobs(*pool, command_deadline());
  if (!hastened) return report(options, hastened.error());
  int64_t jobs = *hastened;
  std::chrono::seconds spread = *hastened > 0 ? store::kHastenedWithin : std::chrono::seconds(0);
  for (const store::Released& one : *closed) {
    jobs += one.jobs;
    spread = std::max(spread, one.spread);
  }
  // Where no node runs, too.
  auto left = store::list_breakers(*pool, command_deadline());
  if (!left) return report(options, left.error());
  for (const store::Breaker& one : *left)
    for (bool is_done = !one.is_closed; !is_done;) {
      auto done = store::release_jobs(*pool, one, command_deadline());
      if (!done) return report(options, done.error());
      is_done = *done;
    }
  if (options.json)
    fmt::print("{}\n", JsonObject().add("due", jobs).add("within_seconds", int64_t{spread.count()}).text());
  else
    fmt::print("{} jobs are due within {} s\n", jobs, spread.count());
  return kDone;
}

int jobs_run(const Options& options, const JobsCommand& command) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  auto keyset = crypto::read_keyset_file(options.key_file);
  if (!keyset) return report(options, keyset.error());
  auto providers = providers_of(command);
  if (!providers) return report(options, providers.error());
  auto trust = TrustStore::load(command.ca_file);
  if (!trust) return report(options, trust.error());

  std::vector<std::byte> memory(NodeSlots::memory_size(1));
  NodeSlots slots(memory.data(), 1);
  slots.join(::getpid());
  auto runtime = Runtime::make({.settings = {.database = options.database,
                                             .providers = std::move(*providers),
                                             .connect_timeout = std::chrono::seconds(5),
                                             .total_timeout = std::chrono::seconds(20),
                                             .provider_concurrency = 2 * kCallsAtOnce,
                                             .proxy = command.proxy,
                                             .allow_insecure_loopback = command.allow_insecure_loopback},
                                .keyset = std::move(*keyset),
                                .node_id = host_name() + "/calintctl",
                                .is_node = false,
                                .provider_slots = slots,
                                .clock = nullptr,
                                .trust = std::move(*trust),
                                .transport = nullptr});
  if (!runtime) return report(options, runtime.error());

  StandardError log;
  const Deadline deadline = command_deadline();
  if (command.leavers) return end_leavers(options, command, **runtime, log, deadline);
  std::vector<const jobs::Kind*> kinds;
  std::ranges::copy_if(app::kinds(), std::back_inserter(kinds),
                       [](const jobs::Kind* kind) { return !kind->needs_client; });
  std::vector<const jobs::Chore*> chores;
  std::ranges::copy_if(app::chores(), std::back_inserter(chores),
                       [](const jobs::Chore* chore) { return chore->by == jobs::Chore::By::one_node; });
  jobs::Worker worker(**runtime, log, [deadline] { return deadline.passed(); },
                      {.kinds = kinds, .chores = chores, .threads = 1});
  worker.run();
  if (worker.trouble()) return report(options, *worker.trouble());

  auto counts = worker.counts();
  const int64_t revoked = counts[{"revoke", "revoked"}], abandoned = counts[{"revoke", "abandoned"}],
                postponed = counts[{"revoke", "postponed"}], left = counts[{"leavers", ""}],
                dropped = counts[{"retention", ""}];
  if (options.json)
    fmt::print("{}\n", JsonObject()
                           .add("revoked", revoked)
                           .add("abandoned", abandoned)
                           .add("postponed", postponed)
                           .add("left", left)
                           .add("dropped", dropped)
                           .text());
  else
    fmt::print("{} revoked, {} not needed any more, {} postponed; {} users had left; {} rows dropped\n", revoked,
               abandoned, postponed, left, dropped);
  return postponed == 0 ? kDone : kUnavailable;
}

}  // namespace calint::ctl
