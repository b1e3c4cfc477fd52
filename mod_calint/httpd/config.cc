#include "httpd/config.h"

#include <algorithm>
#include <vector>

#include "httpd/directives.h"
#include "httpd/guard.h"
#include "httpd/pool.h"

namespace calint::httpd {
namespace {

// One line for each member of Settings: what a virtual host says itself replaces what it inherits.
void inherit(ServerConfig& merged, const ServerConfig& base, const ServerConfig& own) {
  merged.settings = base.settings;
  merged.given = base.given | own.given;
  auto take = [&](Directive directive, auto member) {
    if (own.has(directive)) merged.settings.*member = own.settings.*member;
  };
  take(Directive::database, &Settings::database);
  take(Directive::database_pool, &Settings::database_pool);
  take(Directive::database_prepare, &Settings::database_prepare);
  take(Directive::database_listen, &Settings::database_listen);
  take(Directive::key_file, &Settings::key_file);
  take(Directive::service_key_file, &Settings::service_key_file);
  take(Directive::public_url, &Settings::public_url);
  take(Directive::identity, &Settings::identity);
  take(Directive::identity, &Settings::identity_name);
  take(Directive::organization, &Settings::organization_from);
  take(Directive::organization, &Settings::organization_name);
  take(Directive::state_lifetime, &Settings::state_lifetime);
  take(Directive::return_to, &Settings::return_to);
  take(Directive::refresh_lead, &Settings::refresh_lead);
  take(Directive::expiry_grace, &Settings::expiry_grace);
  take(Directive::sync_window, &Settings::sync_past);
  take(Directive::sync_window, &Settings::sync_future);
  take(Directive::sync_interval, &Settings::sync_interval);
  take(Directive::stale_after, &Settings::stale_after);
  take(Directive::unknown_policy, &Settings::unknown_is_free);
  take(Directive::provider_timeout, &Settings::connect_timeout);
  take(Directive::provider_timeout, &Settings::total_timeout);
  take(Directive::provider_concurrency, &Settings::provider_concurrency);
  take(Directive::proxy, &Settings::proxy);
  take(Directive::ca_file, &Settings::ca_file);
  take(Directive::template_dir, &Settings::template_dir);
  take(Directive::frame_ancestors, &Settings::frame_ancestors);
  take(Directive::worker, &Settings::worker);
  take(Directive::allow_insecure_loopback, &Settings::allow_insecure_loopback);
  // Directive::provider: a section replaces the inherited section of the same provider as a whole.
  for (const auto& [id, provider] : own.settings.providers) merged.settings.providers.insert_or_assign(id, provider);
}

// Without a configuration nothing can go on; httpd itself aborts the same way when a pool has no memory.
void* or_abort(void* config) {
  if (config == nullptr) abort();
  return config;
}

}  // namespace

ServerConfig* server_config(const server_rec* s) {
  return static_cast<ServerConfig*>(ap_get_module_config(s->module_config, &calint_module));
}

std::vector<ServerAndConfig> distinct_configs(server_rec* main_server) {
  std::vector<ServerAndConfig> found;
  for (server_rec* s = main_server; s != nullptr; s = s->next) {
    ServerConfig* config = server_config(s);
    bool known = std::any_of(found.begin(), found.end(), [&](const auto& other) { return other.config == config; });
    if (!known) found.push_back({s, config});
  }
  return found;
}

}  // namespace calint::httpd

using calint::httpd::ServerConfig;

void* calint_create_server_config(apr_pool_t* pool, server_rec*) {
  return calint::httpd::or_abort(calint::httpd::guard(
      static_cast<void*>(nullptr), [](const char*) {},
      [&]() -> void* { return calint::httpd::adopt<ServerConfig>(pool); }));
}

void* calint_merge_server_config(apr_pool_t* pool, void* base, void* own) {
  auto* inherited = static_cast<ServerConfig*>(base);
  auto* added = static_cast<ServerConfig*>(own);
  if (added->given.none()) return inherited;
  return calint::httpd::or_abort(calint::httpd::guard(
      static_cast<void*>(nullptr), [](const char*) {},
      [&]() -> void* {
        auto* merged = calint::httpd::adopt<ServerConfig>(pool);
        calint::httpd::inherit(*merged, *inherited, *added);
        return merged;
      }));
}
