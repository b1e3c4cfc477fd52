// Owns every part of the core for one process: settings, keys, database pool, transport, providers.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/call_rates.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/node_slots.h"
#include "base/result.h"
#include "base/troubles.h"
#include "crypto/keyset.h"
#include "net/transport.h"
#include "net/trust_store.h"
#include "pages/renderer.h"
#include "postgres/pool.h"
#include "provider/provider.h"
#include "runtime/keeper.h"
#include "runtime/service_keys.h"
#include "runtime/settings.h"

namespace calint {

// Thread safe once made. Constructing it does no I/O beyond reading template files: connections and curl
// handles come on demand. Destroyed after the last call has returned.
class Runtime {
 public:
  struct Parts {
    Settings settings;
    crypto::Keyset keyset;
    std::string node_id;                    // stable per node: host name and server root
    bool is_node = true;                    // a command isn't: the database hears nothing of it
    unsigned node_connections = 0;          // to the database that the node takes at most, with all of its servers
    NodeSlots& provider_slots;              // of calls to providers; the node's; outlives the runtime
    postgres::NodeLimits* database = nullptr;  // the node's; outlives the runtime; null: this process is alone
    unsigned database_waiters = 0;          // how many may wait for a connection at once; 0: any number
    NodeSlots* held_back = nullptr;         // of requests that wait for something to happen; as provider_slots
    unsigned most_held_back = 0;            // of the node at once
    std::unique_ptr<Clock> clock;           // null: the system's
    std::shared_ptr<const TrustStore> trust;  // believed by libcurl's transport
    std::unique_ptr<Transport> transport;   // null: libcurl's
    std::unique_ptr<LogSink> log = nullptr;  // for what goes on after its call has ended; null: nowhere
  };

  // bad_input where a template or a file of texts can't be read or parsed.
  static Result<std::unique_ptr<Runtime>> make(Parts parts);
  ~Runtime();

  const Settings& settings() const { return settings_; }
  const crypto::Keyset& keyset() const { return keyset_; }
  const std::string& node_id() const { return node_id_; }
  const Clock& clock() const { return *clock_; }
  Instant now() const { return clock_->now(); }
  // What this runtime has met: runtime/failure_log.h says what to tell it.
  Troubles& troubles() const { return *troubles_; }
  postgres::Pool& pool() const { return *pool_; }
  // Of the database, as the connection that was opened last found it; this build's own where none was.
  int schema_version() const { return schema_version_.load(std::memory_order_relaxed); }
  const pages::Pages& pages() const { return *pages_; }
  ServiceKeys& service_keys() const { return *service_keys_; }
  // Of the ATS's calls.
  CallRates& call_rates() { return call_rates_; }
  // Lives as long as the runtime.
  LogSink& log() const { return *log_; }
  // For what must go on after a request has ended.
  Keeper& keeper() { return keeper_; }

  // nullptr where the provider isn't configured.
  const Provider* provider(ProviderId id) const;
  // nullptr also where it grants access in another way.
  OAuth* oauth(ProviderId id) const;
  // nullptr also where its events can't be read yet.
  Changes* changes(ProviderId id) const;
  // nullptr also where interviews can't be written there.
  Events* events(ProviderId id) const;
  const ProviderSettings* provider_settings(ProviderId id) const;
  // CalIntPublicURL + /calendar/auth/{provider}/callback.
  std::string redirect_uri(ProviderId id) const;
  // The consent page's URL without its parameters; "" where the provider isn't configured.
  std::string authorize_base(ProviderId id) const;

  // To be held by a request while it waits for a provider. too_many where the node's CalIntProviderConcurrency is
  // reached.
  Result<NodeSlots::Slot> provider_slot() const;

  // The same for background work, which may fill half of the slots (one at least): requests always find one then,
  // unless requests themselves have taken the other half.
  Result<NodeSlots::Slot> background_slot() const;
  unsigned background_limit() const;

  // To be held by a request whose answer is held back until there is something to tell. False: as many as may be are.
  NodeSlots::Slot hold_back() const;

  // Whether a state mismatch of this user may be audited now: once a minute for each user in this process, so that
  // a hostile page can't fill the audit log.
  bool allow_mismatch_audit(const std::string& organization_id, const std::string& user_id);

 private:
  explicit Runtime(NodeSlots& provider_slots);
  Result<NodeSlots::Slot> slot_of(unsigned limit) const;

  NodeSlots& provider_slots_;
  NodeSlots* held_back_ = nullptr;
  unsigned most_held_back_ = 0;
  Settings settings_;
  crypto::Keyset keyset_;
  std::string node_id_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Troubles> troubles_;
  std::unique_ptr<Transport> transport_;
  std::atomic<int> schema_version_;
  std::unique_ptr<postgres::Pool> pool_;
  std::unique_ptr<pages::Pages> pages_;
  std::unique_ptr<ServiceKeys> service_keys_;
  CallRates call_rates_;
  std::map<ProviderId, Provider> providers_;
  std::mutex audited_mutex_;
  std::map<std::string, Instant> audited_;  // user -> last audited mismatch
  std::unique_ptr<LogSink> log_;
  Keeper keeper_;  // the last one: it uses all of the others until its end
};

}  // namespace calint
