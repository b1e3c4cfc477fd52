// What the directives of one server (the main one or a virtual host) say, and what was made from them.
#pragma once

#include <bitset>
#include <memory>
#include <optional>
#include <vector>

#include "crypto/keyset.h"
#include "httpd/apache.h"
#include "httpd/runtime_slot.h"
#include "net/trust_store.h"
#include "runtime/settings.h"

namespace calint::httpd {

class Background;

// The directives of the server level. A virtual host inherits each one that it doesn't give itself.
enum class Directive {
  database,
  database_pool,
  database_prepare,
  database_listen,
  key_file,
  service_key_file,
  public_url,
  identity,
  organization,
  provider,
  state_lifetime,
  return_to,
  refresh_lead,
  expiry_grace,
  sync_window,
  sync_interval,
  stale_after,
  unknown_policy,
  provider_timeout,
  provider_concurrency,
  proxy,
  ca_file,
  template_dir,
  frame_ancestors,
  worker,
  allow_insecure_loopback,
  count_
};

// Lives in pconf, so for one generation of the configuration. Virtual hosts without a directive of their own
// share the main server's object, and with it its runtime. Written while the configuration is read and in
// post_config (in the parent, one thread); afterwards only the slot changes, once in each child.
struct ServerConfig {
  Settings settings;
  std::bitset<static_cast<size_t>(Directive::count_)> given;
  // The section that is being read, nullptr outside of <CalIntProvider>.
  ProviderSettings* open_section = nullptr;

  // Set in post_config, as root. Absent: this server can't serve, and its handlers answer 503.
  std::optional<crypto::Keyset> keyset;
  unsigned node_connections = 0;  // to its database that the node takes at most
  std::shared_ptr<const TrustStore> trust;
  Background* background = nullptr;  // set in post_config; nullptr: none
  RuntimeSlot runtime;

  bool has(Directive directive) const { return given[static_cast<size_t>(directive)]; }
};

// nullptr never: httpd makes one for each server.
ServerConfig* server_config(const server_rec* s);

// Each distinct configuration once, main server first, with the first server that has it.
struct ServerAndConfig {
  server_rec* server;
  ServerConfig* config;
};
std::vector<ServerAndConfig> distinct_configs(server_rec* main_server);

}  // namespace calint::httpd
