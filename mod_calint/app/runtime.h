// Owns every part of the core for one process: settings, keys, database pool, transport, providers.
#pragma once

#include <memory>
#include <string>

#include "app/exchange.h"
#include "app/settings.h"
#include "base/clock.h"
#include "base/result.h"
#include "crypto/keyset.h"

namespace calint {
class CalendarProvider;
class Transport;
namespace store {
class Pool;
}
namespace pages {
class Renderer;
}

namespace app {

// Thread safe once made. Constructing it does no I/O beyond reading template files: connections and curl
// handles come on demand. Destroyed after the last call has returned.
class Runtime {
 public:
  struct Parts {
    Settings settings;
    crypto::Keyset keyset;
    std::string node_id;                    // stable per node: host name and server root
    std::unique_ptr<Clock> clock;           // null: the system's
    std::unique_ptr<Transport> transport;   // null: libcurl's
  };

  // bad_input where a template can't be read or parsed.
  static Result<std::unique_ptr<Runtime>> make(Parts parts);
  ~Runtime();

  const Settings& settings() const { return settings_; }
  const crypto::Keyset& keyset() const { return keyset_; }
  const std::string& node_id() const { return node_id_; }
  Clock& clock() const { return *clock_; }
  Instant now() const { return clock_->now(); }
  Transport& transport() const { return *transport_; }
  store::Pool& pool() const { return *pool_; }
  const pages::Renderer& pages() const { return *pages_; }

  // nullptr where the provider isn't configured.
  CalendarProvider* provider(ProviderId id) const;
  const ProviderSettings* provider_settings(ProviderId id) const;
  // CalIntPublicURL + /calendar/auth/{provider}/callback.
  std::string redirect_uri(ProviderId id) const;

 private:
  Runtime();
  Settings settings_;
  crypto::Keyset keyset_;
  std::string node_id_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<store::Pool> pool_;
  std::unique_ptr<pages::Renderer> pages_;
  std::vector<std::unique_ptr<CalendarProvider>> providers_;
};

}  // namespace app
}  // namespace calint
