#include "httpd/startup.h"

#include <fmt/format.h>
#include <unistd.h>

#include "httpd/check_config.h"
#include "httpd/config.h"
#include "httpd/guard.h"
#include "httpd/log_sink.h"
#include "httpd/node_shares.h"
#include "httpd/watchdog.h"
#include "pages/renderer.h"
#include "runtime/client_credentials.h"
#include "runtime/runtime.h"
#include "runtime/secret_source.h"

namespace calint::httpd {
namespace {

Error named(std::string_view directive, Error error) {
  error.what = fmt::format("{}: {}", directive, error.what);
  return error;
}

// Reports every problem; the first fatal one is the error.
Status check(const ServerAndConfig& entry) {
  Status status;
  for (const Problem& problem : find_problems(*entry.config)) {
    report(entry.server, problem);
    if (problem.weight == Problem::Weight::fatal && status.ok())
      status = Error{.fault = Fault::operator_fault, .what = problem.text};
  }
  return status;
}

Status load(ServerConfig& config) {
  Settings& settings = config.settings;
  Result<crypto::Keyset> keyset = read_keyset(settings.key_file);
  if (!keyset.ok()) return named("CalIntKeyFile", std::move(keyset).error());
  for (auto& [id, provider] : settings.providers) {
    Status credentials = read_client_credentials(provider);
    if (!credentials.ok()) return credentials;
  }
  auto trust = TrustStore::load(settings.ca_file);
  if (!trust.ok()) return named("CalIntCAFile", std::move(trust).error());
  // The children read templates and texts again; a broken one is better found here.
  auto pages = pages::Pages::make(settings.template_dir);
  if (!pages.ok()) return named("CalIntTemplateDir", std::move(pages).error());
  settings.worker = settings.worker && has_watchdog();
  if (settings.provider_concurrency == 0) settings.provider_concurrency = quarter_of_workers();
  config.trust = std::move(trust).value();
  config.keyset = std::move(keyset).value();
  return {};
}

// "host:/etc/apache2": the same after a restart, different for two servers on one host.
std::string node_id(apr_pool_t* pool) {
  char host[APRMAXHOSTLEN + 1] = "localhost";
  apr_gethostname(host, sizeof host, pool);
  const char* root = ap_server_root_relative(pool, "");
  return fmt::format("{}:{}", host, root == nullptr ? "/" : root);
}

apr_status_t close_slot(void* slot) {
  static_cast<RuntimeSlot*>(slot)->close();
  return APR_SUCCESS;
}

void start_runtime(apr_pool_t* pchild, const ServerAndConfig& entry) {
  ServerConfig& config = *entry.config;
  auto runtime = make_runtime(pchild, entry, nullptr);
  if (!runtime.ok()) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, entry.server, "CALINT0105: this child answers 503: %s",
                 runtime.error().what.c_str());
    return;
  }
  config.runtime.fill(std::move(runtime).value());
  apr_pool_pre_cleanup_register(pchild, &config.runtime, close_slot);
}

}  // namespace

Result<std::unique_ptr<Runtime>> make_runtime(apr_pool_t* pool, const ServerAndConfig& entry,
                                                   std::unique_ptr<Transport> transport) {
  return Runtime::make({.settings = entry.config->settings,
                             .keyset = *entry.config->keyset,
                             .node_id = node_id(pool),
                             .node_connections = entry.config->node_connections,
                             .provider_slots = node_shares()->providers,
                             .database = &node_shares()->database,
                             .database_waiters = quarter_of_workers(),
                             .held_back = &node_shares()->held_back,
                             .most_held_back = tenth_of_workers(),
                             .clock = nullptr,
                             .trust = entry.config->trust,
                             .transport = std::move(transport),
                             .log = std::make_unique<ServerLog>(entry.server)});
}

int load_configuration(apr_pool_t* pconf, apr_pool_t*, apr_pool_t*, server_rec* main_server) {
  unsigned number = 0;
  for (const ServerAndConfig& entry : served_configs(main_server)) {
    Status status = check(entry);
    if (status.ok()) status = share_node(entry.server);
    if (status.ok()) status = load(*entry.config);
    if (status.ok()) {
      entry.config->node_connections = database_connections(main_server, *entry.config).all();
      plan_background(pconf, entry, ++number);
      continue;
    }
    if (!is_restart()) {
      ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_ERR, 0, entry.server, "CALINT0108: not started: %s",
                   status.error().what.c_str());
      return HTTP_INTERNAL_SERVER_ERROR;
    }
    ap_log_error(APLOG_MARK, APLOG_ALERT, 0, entry.server,
                 "CALINT0104: ALARM: the calendar pages answer 503 until this is mended and the server restarted: %s",
                 status.error().what.c_str());
  }
  return kOk;
}

void start_child(apr_pool_t* pchild, server_rec* main_server) {
  auto report = [&](const char* what) {
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, main_server, "CALINT0101: internal error: %s", what);
  };
  guard(0, report, [&] {
    if (NodeShares* shares = node_shares();
        shares != nullptr && !(shares->providers.join(getpid()) && shares->held_back.join(getpid()) &&
                               shares->database.join(getpid())))
      report("more children than ServerLimit foresees: this one asks neither database nor providers");
    for (const ServerAndConfig& entry : distinct_configs(main_server)) {
      if (!entry.config->keyset) continue;
      start_runtime(pchild, entry);
      end_background_with(pchild, *entry.config);
    }
    return 0;
  });
}

}  // namespace calint::httpd
