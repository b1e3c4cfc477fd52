#include "httpd/check_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/url.h"
#include "httpd/check_files.h"
#include "httpd/session_safety.h"
#include "httpd/watchdog.h"

namespace calint::httpd {
namespace {

void check_https(Findings& findings, const Settings& settings, std::string_view directive, const Url& url) {
  if (url.is_https()) return;
  if (!url.is_insecure_loopback())
    findings.fatal("{} is not HTTPS: write it with https://", directive);
  else if (!settings.allow_insecure_loopback)
    findings.fatal("{} is not HTTPS: write it with https://, or, on a test machine, CalIntAllowInsecureLoopback on",
                   directive);
}

// A secret, or a certificate with its key.
void check_client(Findings& findings, std::string_view section, ProviderId id, const ProviderSettings& provider) {
  if (provider.client_id.empty()) findings.fatal("{} has no CalIntClientID: write the id of the OAuth client", section);
  const bool has_secret = !provider.client_secret_source.empty();
  const bool has_certificate = !provider.client_certificate.empty(), has_key = !provider.client_key_source.empty();
  if (has_certificate != has_key)
    findings.fatal("{} has {} alone: write CalIntClientCertificate and CalIntClientKey together", section,
                   has_key ? "CalIntClientKey" : "CalIntClientCertificate");
  else if (has_certificate && has_secret)
    findings.fatal("{} has CalIntClientSecret and CalIntClientCertificate: keep one of them", section);
  else if (!has_certificate && !has_secret)
    findings.fatal("{} has no CalIntClientSecret: write CalIntClientSecret file:/etc/calint/{}-secret", section,
                   to_string(id));
}

// Directives that only other providers know.
void check_foreign(Findings& findings, std::string_view section, ProviderId id, const ProviderSettings& provider) {
  auto check = [&](std::string_view directive, bool given) {
    if (given) findings.fatal("{} has {}, which {} doesn't know: take it out", section, directive, display_name(id));
  };
  const ProviderFacts& known = facts(id);
  check("CalIntClientID", !known.has_oauth && !provider.client_id.empty());
  check("CalIntClientSecret", !known.has_oauth && !provider.client_secret_source.empty());
  check("CalIntClientCertificate", !known.has_tenants && !provider.client_certificate.empty());
  check("CalIntClientKey", !known.has_tenants && !provider.client_key_source.empty());
  check("CalIntTenant", !known.has_tenants && !provider.tenant.empty());
  check("CalIntAuthorizeURL", !known.has_oauth && !provider.authorize_url.empty());
  check("CalIntTokenURL", !known.has_oauth && !provider.token_url.empty());
  check("CalIntRevokeURL", !known.has_revocation && !provider.revoke_url.empty());
  check("CalIntRequestsPerMinute", !known.has_oauth && provider.requests_per_minute != 0);
  check("CalIntIssuer", !known.has_oauth && provider.issuer.has_value());
  // A password goes where we send it; a token is for one address only.
  check("CalIntApiHosts", known.has_oauth && !provider.api_hosts.empty());
}

void check_provider(Findings& findings, const Settings& settings, ProviderId id, const ProviderSettings& provider) {
  std::string section = fmt::format("<CalIntProvider {}>", to_string(id));
  if (facts(id).has_oauth) check_client(findings, section, id, provider);
  check_foreign(findings, section, id, provider);
  auto check = [&](std::string_view directive, const std::string& text) {
    if (text.empty()) return;
    if (Result<Url> url = parse_url(text); url.ok()) check_https(findings, settings, directive, *url);
  };
  check("CalIntAuthorizeURL", provider.authorize_url);
  check("CalIntTokenURL", provider.token_url);
  check("CalIntRevokeURL", provider.revoke_url);
  check("CalIntApiURL", provider.api_url);
}

void check_session(Findings& findings, const Settings& settings) {
  const bool names_user = settings.identity == Identity::session;
  if (!names_user && settings.organization_from != Identity::session) return;
  if (auto weakness = session_weakness(ap_conftree))
    findings.fatal("{} session: {}", names_user ? "CalIntIdentity" : "CalIntOrganization", *weakness);
}

bool is_mounted(const ap_directive_t* siblings, const char* handler) {
  for (const auto* directive = siblings; directive != nullptr; directive = directive->next) {
    const bool sets = ap_cstr_casecmp(directive->directive, "SetHandler") == 0 && directive->args != nullptr;
    if ((sets && ap_cstr_casecmp(directive->args, handler) == 0) || is_mounted(directive->first_child, handler))
      return true;
  }
  return false;
}

void check_mounts(Findings& findings, const Settings& settings) {
  if (!settings.service_key_file.empty() && !is_mounted(ap_conftree, "calint-api"))
    findings.warning(
        "CalIntServiceKeyFile is set and calint-api is mounted nowhere, so no key opens anything: write <Location "
        "\"/calendar/api/v1\"> with SetHandler calint-api, as the shipped calint.conf has it");
  if (is_mounted(ap_conftree, "calint-settings") && !is_mounted(ap_conftree, "calint-static"))
    findings.warning(
        "calint-static is mounted nowhere, so the pages come without their look: write <Location "
        "\"/calendar/static\"> with SetHandler calint-static, Require all granted and Session Off");
}

bool report_all(const ServerAndConfig& entry, const std::vector<Problem>& problems, bool with_warnings) {
  bool fatal = false;
  for (const Problem& problem : problems) {
    if (problem.weight == Problem::Weight::fatal || with_warnings) report(entry.server, problem);
    fatal = fatal || problem.weight == Problem::Weight::fatal;
  }
  return fatal;
}

// Of each database once.
void tell_connections(server_rec* main_server) {
  std::set<std::string> told;
  for (const ServerAndConfig& entry : served_configs(main_server)) {
    if (!told.insert(entry.config->settings.database).second) continue;
    const DatabaseConnections connections = database_connections(main_server, *entry.config);
    ap_log_error(APLOG_MARK, APLOG_STARTUP | APLOG_NOTICE, 0, entry.server,
                 "CALINT0111: this node takes at most %u connections to the database: %u of CalIntDatabasePool, with "
                 "background work, and %u of CalIntDatabaseListen",
                 connections.all(), connections.pool, connections.listeners);
  }
}

}  // namespace

bool is_restart() {
  // The first start counts as generation 1, after a trial pass in another state.
  return ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_CONFIG && ap_state_query(AP_SQ_CONFIG_GEN) > 1;
}

std::vector<ServerAndConfig> served_configs(server_rec* main_server) {
  std::vector<ServerAndConfig> configs = distinct_configs(main_server);
  const bool others = configs.size() > 1;
  std::erase_if(configs, [&](const ServerAndConfig& entry) {
    if (entry.config->given.none()) return true;
    const Settings& settings = entry.config->settings;
    const bool complete = !settings.database.empty() && !settings.key_file.empty() && settings.public_url;
    return !complete && others && entry.server == main_server;
  });
  return configs;
}

DatabaseConnections database_connections(server_rec* main_server, const ServerConfig& config) {
  DatabaseConnections connections;
  for (const ServerAndConfig& entry : served_configs(main_server)) {
    const Settings& settings = entry.config->settings;
    if (settings.database != config.settings.database) continue;
    connections.pool = std::max(connections.pool, settings.database_pool);
    if (settings.worker && has_watchdog() && !settings.database_listen.empty()) ++connections.listeners;
  }
  return connections;
}

std::vector<Problem> find_problems(const ServerConfig& config) {
  const Settings& settings = config.settings;
  Findings findings;
  if (settings.database.empty())
    findings.fatal("CalIntDatabase is missing: write CalIntDatabase \"host=/run/postgresql dbname=ats user=calint\"");
  if (settings.key_file.empty())
    findings.fatal(
        "CalIntKeyFile is missing: run \"calintctl --key-file /etc/calint/keys.json keys generate\" and write "
        "CalIntKeyFile /etc/calint/keys.json");
  if (!settings.public_url)
    findings.fatal("CalIntPublicURL is missing: write this site's address, CalIntPublicURL https://ats.example.com");
  else
    check_https(findings, settings, "CalIntPublicURL", *settings.public_url);
  if (settings.providers.empty())
    findings.warning("no provider is switched on: write <CalIntProvider google>, <CalIntProvider outlook> or "
                     "<CalIntProvider apple>");
  for (const auto& [id, provider] : settings.providers) check_provider(findings, settings, id, provider);
  check_session(findings, settings);
  check_mounts(findings, settings);
  if (settings.worker && !has_watchdog())
    findings.warning(
        "CalIntWorker is on and mod_watchdog isn't loaded, so there is no background work: write LoadModule "
        "watchdog_module modules/mod_watchdog.so, or CalIntWorker off");
  if (settings.allow_insecure_loopback)
    findings.warning("CalIntAllowInsecureLoopback is on: tokens may go unencrypted; take it out on a real site");
  return findings.take();
}

void report(const server_rec* s, const Problem& problem) {
  bool fatal = problem.weight == Problem::Weight::fatal;
  std::string where = "the main server";
  if (s->defn_name != nullptr)
    where = fmt::format("the virtual host on line {} of {}", s->defn_line_number, s->defn_name);
  ap_log_error(APLOG_MARK, APLOG_STARTUP | (fatal ? APLOG_ERR : APLOG_WARNING), 0, s, "%s: %s (in %s)",
               fatal ? "CALINT0102" : "CALINT0103", problem.text.c_str(), where.c_str());
}

int check_config(apr_pool_t*, apr_pool_t*, apr_pool_t*, server_rec* main_server) {
  if (is_restart()) return kOk;
  const bool testing = ap_state_query(AP_SQ_RUN_MODE) == AP_SQ_RM_CONFIG_TEST;
  bool fatal = false;
  for (const ServerAndConfig& entry : served_configs(main_server)) {
    // A start prints its warnings in post_config.
    fatal = report_all(entry, find_problems(*entry.config), testing) || fatal;
    if (testing) fatal = report_all(entry, find_file_problems(entry.config->settings), true) || fatal;
  }
  if (testing && !fatal) tell_connections(main_server);
  return fatal ? HTTP_INTERNAL_SERVER_ERROR : kOk;
}

}  // namespace calint::httpd
