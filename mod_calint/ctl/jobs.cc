#include <fmt/format.h>
#include <jansson.h>
#include <unistd.h>

#include <map>

#include "base/url.h"
#include "crypto/random.h"
#include "ctl/command.h"
#include "integration/housekeeping.h"
#include "integration/revoke.h"
#include "net/curl_transport.h"
#include "provider/providers.h"
#include "store/jobs.h"

namespace calint::ctl {
namespace {

class StandardError final : public LogSink {
 public:
  void write(LogLevel, std::string_view tag, std::string_view text) override { fmt::print(stderr, "{}: {}\n", tag, text); }
};

// "google=https://..." for each provider whose revocation isn't at its usual address.
Result<std::map<ProviderId, ProviderAddresses>> addresses_of(const JobsCommand& command) {
  std::map<ProviderId, ProviderAddresses> addresses;
  for (const ProviderFacts& provider : kProviders) addresses[provider.id] = {};
  for (const std::string& entry : command.revoke_urls) {
    const size_t equals = entry.find('=');
    const auto id = parse_provider(std::string_view(entry).substr(0, equals));
    if (equals == std::string::npos || !id)
      return Error{.fault = Fault::bad_input, .what = "--revoke-url takes PROVIDER=URL, e.g. google=https://example.com/revoke"};
    auto url = parse_url(std::string_view(entry).substr(equals + 1));
    if (!url) return std::move(url).error();
    addresses[*id].revoke_url = entry.substr(equals + 1);
  }
  return addresses;
}

std::string host_name() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0) return "localhost";
  return name;
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

int jobs_run(const Options& options, const JobsCommand& command) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  auto keyset = crypto::read_keyset_file(options.key_file);
  if (!keyset) return report(options, keyset.error());
  auto addresses = addresses_of(command);
  if (!addresses) return report(options, addresses.error());
  auto trust = TrustStore::load(command.ca_file);
  if (!trust) return report(options, trust.error());
  CurlTransport transport({.connect_timeout = std::chrono::seconds(5),
                           .total_timeout = std::chrono::seconds(20),
                           .proxy = command.proxy,
                           .trust = std::move(*trust),
                           .allow_insecure_loopback = command.allow_insecure_loopback,
                           .stopping = {}});
  std::map<ProviderId, Provider> providers;
  for (const auto& [id, one] : *addresses) providers.emplace(id, make_provider(id, one, transport));

  auto pool = open_pool(options);
  StandardError log;
  SystemClock clock;
  const integration::HouseTools house{.pool = *pool, .keyset = *keyset, .log = log, .stopping = [] { return false; }};
  auto left = integration::run_leavers(house);  // first: their revocations are due at once
  if (!left) return report(options, left.error());
  auto count = integration::run_due_revocations(
      {.pool = *pool,
       .keyset = *keyset,
       .log = log,
       .clock = clock,
       .provider = [&](ProviderId id) -> OAuth* {
         const auto found = providers.find(id);
         return found == providers.end() ? nullptr : found->second.oauth.get();
       },
       .owner = fmt::format("{}/calintctl/{}", host_name(), crypto::random_token(12))},
      100000, command_deadline());
  if (!count) return report(options, count.error());
  auto dropped = integration::run_retention(house);
  if (!dropped) return report(options, dropped.error());
  if (options.json)
    fmt::print("{{\"revoked\":{},\"abandoned\":{},\"postponed\":{},\"left\":{},\"dropped\":{}}}\n", count->revoked,
               count->abandoned, count->postponed, *left, *dropped);
  else
    fmt::print("{} revoked, {} not needed any more, {} postponed; {} users had left; {} rows dropped\n",
               count->revoked, count->abandoned, count->postponed, *left, *dropped);
  return count->postponed == 0 ? kDone : kUnavailable;
}

}  // namespace calint::ctl
