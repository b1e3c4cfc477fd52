#include "runtime/runtime.h"

#include <unistd.h>

#include <algorithm>

#include "base/paths.h"
#include "net/curl_transport.h"
#include "pages/renderer.h"
#include "schema/migrate.h"
#include "store/nodes.h"

namespace calint {
namespace {

postgres::Session::Prepare prepare(Prepare setting) {
  switch (setting) {
    case Prepare::on: return postgres::Session::Prepare::on;
    case Prepare::off: return postgres::Session::Prepare::off;
    case Prepare::automatic: break;
  }
  return postgres::Session::Prepare::automatic;
}

// A kept handle with its connections is some 50 kB.
constexpr unsigned kMostIdleHandles = 32;

// The primary one first.
std::vector<std::string> usable_key_ids(const crypto::Keyset& keyset) {
  std::vector<std::string> ids = {crypto::key_id_text(keyset.primary().id)};
  for (const crypto::Key& key : keyset.keys())
    if (key.status == crypto::KeyStatus::enabled || key.status == crypto::KeyStatus::pending)
      ids.push_back(crypto::key_id_text(key.id));
  return ids;
}

class NoLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::string_view) override {}
};

}  // namespace

Runtime::Runtime(NodeSlots& provider_slots)
    : provider_slots_(provider_slots), schema_version_(schema::kSchemaNewest) {}
Runtime::~Runtime() = default;

Result<std::unique_ptr<Runtime>> Runtime::make(Parts parts) {
  std::unique_ptr<Runtime> runtime(new Runtime(parts.provider_slots));
  runtime->held_back_ = parts.held_back;
  runtime->most_held_back_ = parts.most_held_back;
  runtime->settings_ = std::move(parts.settings);
  runtime->keyset_ = std::move(parts.keyset);
  runtime->node_id_ = std::move(parts.node_id);
  runtime->clock_ = parts.clock ? std::move(parts.clock) : std::make_unique<SystemClock>();
  runtime->troubles_ = std::make_unique<Troubles>(*runtime->clock_);
  if (parts.log) runtime->log_ = std::move(parts.log);
  else runtime->log_ = std::make_unique<NoLog>();
  const Settings& settings = runtime->settings_;
  runtime->transport_ = parts.transport
                            ? std::move(parts.transport)
                            : std::make_unique<CurlTransport>(CurlTransport::Options{
                                  .connect_timeout = settings.connect_timeout,
                                  .total_timeout = settings.total_timeout,
                                  .proxy = settings.proxy,
                                  .trust = std::move(parts.trust),
                                  .allow_insecure_loopback = settings.allow_insecure_loopback,
                                  .stopping = {},
                                  .max_idle = std::clamp(settings.provider_concurrency, 1U, kMostIdleHandles),
                              });
  auto pages = pages::Pages::make(settings.template_dir);
  if (!pages) return std::move(pages).error();
  runtime->pages_ = std::move(*pages);
  runtime->service_keys_ = std::make_unique<ServiceKeys>(settings.service_key_file);
  for (const auto& [id, provider_settings] : settings.providers)
    runtime->providers_.emplace(id, make_provider(id, provider_settings, *runtime->transport_));
  runtime->pool_ = std::make_unique<postgres::Pool>(postgres::Pool::Options{
      .conninfo = settings.database,
      .max = settings.database_pool,
      .waiters = parts.database_waiters,
      .node = parts.database,
      .prepare = prepare(settings.database_prepare),
      .on_open =
          [node = store::Node{.id = runtime->node_id_,
                              .key_ids = usable_key_ids(runtime->keyset_),
                              .connections = parts.node_connections},
           is_node = parts.is_node,
           found = &runtime->schema_version_](postgres::Session& connection, Deadline deadline) {
            auto version = store::check_schema(connection, deadline);
            if (!version) return Status(std::move(version).error());
            found->store(*version, std::memory_order_relaxed);
            return is_node ? store::announce_node(connection, node, *version, deadline) : Status();
          },
  });
  return runtime;
}

const Provider* Runtime::provider(ProviderId id) const {
  auto found = providers_.find(id);
  return found == providers_.end() ? nullptr : &found->second;
}

OAuth* Runtime::oauth(ProviderId id) const {
  const Provider* found = provider(id);
  return found == nullptr ? nullptr : found->oauth.get();
}

Changes* Runtime::changes(ProviderId id) const {
  const Provider* found = provider(id);
  return found == nullptr ? nullptr : found->changes.get();
}

Events* Runtime::events(ProviderId id) const {
  const Provider* found = provider(id);
  return found == nullptr ? nullptr : found->events.get();
}

const ProviderSettings* Runtime::provider_settings(ProviderId id) const {
  auto found = settings_.providers.find(id);
  return found == settings_.providers.end() ? nullptr : &found->second;
}

std::string Runtime::redirect_uri(ProviderId id) const {
  const Url& url = *settings_.public_url;
  const std::string base = url.path == "/" ? std::string() : url.path;
  return url.origin() + base + start_path(id) + std::string(kCallbackSegment);
}

std::string Runtime::authorize_base(ProviderId id) const {
  const OAuth* found = oauth(id);
  return found == nullptr ? std::string() : found->authorize_url({});
}

Result<NodeSlots::Slot> Runtime::provider_slot() const { return slot_of(settings_.provider_concurrency); }

Result<NodeSlots::Slot> Runtime::background_slot() const { return slot_of(background_limit()); }

NodeSlots::Slot Runtime::hold_back() const {
  return held_back_ == nullptr ? NodeSlots::Slot() : held_back_->take(getpid(), most_held_back_);
}

unsigned Runtime::background_limit() const { return std::max(1U, settings_.provider_concurrency / 2); }

Result<NodeSlots::Slot> Runtime::slot_of(unsigned limit) const {
  NodeSlots::Slot slot = provider_slots_.take(getpid(), limit);
  if (!slot)
    return Error{.fault = Fault::too_many,
                 .what = "the requests that CalIntProviderConcurrency allows are all waiting for providers"};
  return slot;
}

bool Runtime::allow_mismatch_audit(const std::string& organization_id, const std::string& user_id) {
  constexpr size_t kMostUsers = 10000;
  constexpr std::chrono::minutes kPause{1};
  const Instant at = now();
  std::lock_guard lock(audited_mutex_);
  if (audited_.size() >= kMostUsers)
    std::erase_if(audited_, [&](const auto& entry) { return entry.second + kPause < at; });
  auto [entry, is_new] = audited_.try_emplace(organization_id + '\x1f' + user_id, at);
  if (is_new) return true;
  if (entry->second + kPause > at) return false;
  entry->second = at;
  return true;
}

}  // namespace calint
