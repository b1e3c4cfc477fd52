// <CalIntProvider> and the setters of what stands inside it.
#include "base/text.h"
#include "httpd/directives.h"
#include "httpd/setter.h"

using namespace calint;
using namespace calint::httpd;

namespace {

// The name out of "google>".
Result<ProviderId> parse_section(std::string_view arguments) {
  size_t end = arguments.rfind('>');
  if (end == arguments.npos) return refuse("the closing \">\" is missing; write <CalIntProvider google>");
  const std::string_view name = trimmed(arguments.substr(0, end));
  std::optional<ProviderId> id = parse_provider(name);
  if (id) return *id;
  return refuse(fmt::format(
      "there is no provider \"{}\"; write <CalIntProvider google>, <CalIntProvider outlook> or <CalIntProvider apple>",
      name));
}

Status open_section(cmd_parms* cmd, const char* arguments) {
  ServerConfig* config = server_config(cmd->server);
  if (config->open_section != nullptr) return refuse("stands inside another <CalIntProvider>; close that one first");
  Result<ProviderId> id = parse_section(arguments);
  if (!id.ok()) return std::move(id).error();
  auto [entry, added] = config->settings.providers.try_emplace(*id);
  if (!added) return refuse(fmt::format("{} is there twice in this server; keep one section", to_string(*id)));
  config->given.set(static_cast<size_t>(Directive::provider));
  config->open_section = &entry->second;
  return {};
}

}  // namespace

const char* calint_provider_section(cmd_parms* cmd, void*, const char* arguments) {
  const char* message = run_setter(cmd, [&] { return open_section(cmd, arguments); });
  if (message != nullptr) return message;
  message = ap_walk_config(cmd->directive->first_child, cmd, cmd->context);
  server_config(cmd->server)->open_section = nullptr;
  return message;
}

const char* calint_set_client_id(cmd_parms* cmd, void*, const char* id) {
  return set_in_section(cmd, [&](ProviderSettings& provider) -> Status {
    provider.client_id = id;
    return {};
  });
}

const char* calint_set_client_secret(cmd_parms* cmd, void*, const char* source) {
  hide_argument(cmd);
  return set_in_section(cmd, [&](ProviderSettings& provider) -> Status {
    std::string_view text = source;
    if (text.starts_with("exec:") || text.starts_with("credential:"))
      return assign(provider.client_secret_source, parse_source(cmd->pool, text));
    if (text.starts_with("file:")) {
      Result<std::string> path = parse_path(cmd->pool, source + 5);
      if (!path.ok()) return refuse("write file: with the path of a file, such as file:/etc/calint/google-secret");
      provider.client_secret_source = "file:" + *path;
      return {};
    }
    provider.client_secret_source = text;
    return {};
  });
}

const char* calint_set_client_certificate(cmd_parms* cmd, void*, const char* path) {
  return set_in_section(cmd, [&](ProviderSettings& provider) {
    return assign(provider.client_certificate, parse_path(cmd->pool, path));
  });
}

const char* calint_set_client_key(cmd_parms* cmd, void*, const char* source) {
  return set_in_section(cmd, [&](ProviderSettings& provider) -> Status {
    std::string_view text = source;
    if (text.starts_with("file:")) text.remove_prefix(5);
    Status status = assign(provider.client_key_source, parse_source(cmd->pool, text));
    if (status.ok() && provider.client_key_source.starts_with('/')) provider.client_key_source.insert(0, "file:");
    return status;
  });
}

const char* calint_set_tenant(cmd_parms* cmd, void*, const char* tenant) {
  return set_in_section(cmd, [&](ProviderSettings& provider) { return assign(provider.tenant, parse_tenant(tenant)); });
}

const char* calint_set_authorize_url(cmd_parms* cmd, void*, const char* url) {
  return set_in_section(
      cmd, [&](ProviderSettings& provider) { return assign(provider.authorize_url, parse_endpoint(url)); });
}

const char* calint_set_token_url(cmd_parms* cmd, void*, const char* url) {
  return set_in_section(cmd,
                        [&](ProviderSettings& provider) { return assign(provider.token_url, parse_endpoint(url)); });
}

const char* calint_set_revoke_url(cmd_parms* cmd, void*, const char* url) {
  return set_in_section(cmd,
                        [&](ProviderSettings& provider) { return assign(provider.revoke_url, parse_endpoint(url)); });
}

const char* calint_set_api_url(cmd_parms* cmd, void*, const char* url) {
  return set_in_section(cmd, [&](ProviderSettings& provider) {
    Status status = assign(provider.api_url, parse_endpoint(url));
    // The documented paths that follow begin with '/'.
    while (provider.api_url.ends_with('/')) provider.api_url.pop_back();
    return status;
  });
}

const char* calint_set_issuer(cmd_parms* cmd, void*, const char* issuer) {
  return set_in_section(cmd, [&](ProviderSettings& provider) -> Status {
    if (std::string_view(issuer) == "none") {
      provider.issuer = "";
      return {};
    }
    // Compared byte by byte (RFC 9207, 2.4), so kept as written.
    return assign(provider.issuer, parse_endpoint(issuer));
  });
}

const char* calint_set_requests_per_minute(cmd_parms* cmd, void*, const char* requests) {
  return set_in_section(cmd, [&](ProviderSettings& provider) {
    return assign(provider.requests_per_minute, parse_number(requests, 6, 1'000'000));
  });
}

const char* calint_add_api_host(cmd_parms* cmd, void*, const char* host) {
  return set_in_section(cmd, [&](ProviderSettings& provider) -> Status {
    Result<std::string> pattern = parse_host_pattern(host);
    if (!pattern.ok()) return std::move(pattern).error();
    provider.api_hosts.push_back(std::move(pattern).value());
    return {};
  });
}
