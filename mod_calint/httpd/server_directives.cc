// The setters of the server level, in the order of the table in mod_calint.c.
#include <chrono>

#include "base/return_path.h"
#include "base/url.h"
#include "httpd/directives.h"
#include "httpd/setter.h"

using namespace calint;
using namespace calint::httpd;
using namespace std::chrono_literals;

namespace {

const char* set_conninfo(cmd_parms* cmd, Directive directive, std::string Settings::* member, const char* conninfo) {
  hide_argument(cmd);
  return set(cmd, directive, [&](Settings& settings) -> Status {
    std::string_view text = conninfo;
    if (text.starts_with("exec:")) return assign(settings.*member, parse_source(cmd->pool, text));
    if (text.find('=') == text.npos && text.find("://") == text.npos)
      return refuse(
          "write a connection string such as \"host=db.example.com dbname=ats user=calint\", a URI such as "
          "postgresql://calint@db.example.com/ats, or exec:/path");
    settings.*member = text;
    return {};
  });
}

}  // namespace

const char* calint_set_database(cmd_parms* cmd, void*, const char* conninfo) {
  return set_conninfo(cmd, Directive::database, &Settings::database, conninfo);
}

const char* calint_set_database_pool(cmd_parms* cmd, void*, const char* max) {
  return set(cmd, Directive::database_pool,
             [&](Settings& settings) { return assign(settings.database_pool, parse_number(max, 1, 1000)); });
}

const char* calint_set_database_prepare(cmd_parms* cmd, void*, const char* mode) {
  return set(cmd, Directive::database_prepare, [&](Settings& settings) -> Status {
    std::string_view text = mode;
    if (text == "auto")
      settings.database_prepare = Prepare::automatic;
    else if (text == "on")
      settings.database_prepare = Prepare::on;
    else if (text == "off")
      settings.database_prepare = Prepare::off;
    else
      return refuse(fmt::format("write auto, on or off, not \"{}\"", text));
    return {};
  });
}

const char* calint_set_database_listen(cmd_parms* cmd, void*, const char* conninfo) {
  return set_conninfo(cmd, Directive::database_listen, &Settings::database_listen, conninfo);
}

const char* calint_set_key_file(cmd_parms* cmd, void*, const char* source) {
  return set(cmd, Directive::key_file,
             [&](Settings& settings) { return assign(settings.key_file, parse_source(cmd->pool, source)); });
}

const char* calint_set_service_key_file(cmd_parms* cmd, void*, const char* path) {
  return set(cmd, Directive::service_key_file,
             [&](Settings& settings) { return assign(settings.service_key_file, parse_path(cmd->pool, path)); });
}

const char* calint_set_public_url(cmd_parms* cmd, void*, const char* text) {
  return set(cmd, Directive::public_url, [&](Settings& settings) -> Status {
    Result<Url> url = parse_url(text);
    if (!url.ok()) return std::move(url).error();
    if (!url->query.empty() || (!url->path.empty() && url->path != "/"))
      return refuse(fmt::format("write scheme and host only, such as https://ats.example.com, not \"{}\"", text));
    url->path.clear();
    settings.public_url = std::move(url).value();
    return {};
  });
}

const char* calint_set_identity(cmd_parms* cmd, void*, const char* source) {
  return set(cmd, Directive::identity, [&](Settings& settings) -> Status {
    if (std::string_view(source) == "remote-user") {
      settings.identity = Identity::remote_user;
      settings.identity_name.clear();
      return {};
    }
    Result<NamedSource> named = parse_named_source(source);
    if (!named.ok() && std::string_view(source).find(':') == std::string_view::npos)
      return refuse(fmt::format("write remote-user, session:KEY or env:NAME, not \"{}\"", source));
    if (!named.ok()) return std::move(named).error();
    settings.identity = named->from;
    settings.identity_name = std::move(named->name);
    return {};
  });
}

const char* calint_set_organization(cmd_parms* cmd, void*, const char* source) {
  return set(cmd, Directive::organization, [&](Settings& settings) -> Status {
    Result<NamedSource> named = parse_named_source(source);
    if (!named.ok()) return std::move(named).error();
    settings.organization_from = named->from;
    settings.organization_name = std::move(named->name);
    return {};
  });
}

const char* calint_set_state_lifetime(cmd_parms* cmd, void*, const char* seconds) {
  return set(cmd, Directive::state_lifetime,
             [&](Settings& settings) { return assign(settings.state_lifetime, parse_number(seconds, 60, 86400)); });
}

const char* calint_add_return_to(cmd_parms* cmd, void*, const char* prefix) {
  return set(cmd, Directive::return_to, [&](Settings& settings) -> Status {
    if (std::string_view(prefix).find_first_of("?#") != std::string_view::npos || !is_safe_return_path(prefix))
      return refuse(fmt::format("write path prefixes on this site, such as /interviews/, not \"{}\"", prefix));
    if (!server_config(cmd->server)->has(Directive::return_to)) settings.return_to.clear();
    settings.return_to.emplace_back(prefix);
    return {};
  });
}

const char* calint_set_refresh_lead(cmd_parms* cmd, void*, const char* seconds) {
  return set(cmd, Directive::refresh_lead,
             [&](Settings& settings) { return assign(settings.refresh_lead, parse_number(seconds, 0, 3000)); });
}

const char* calint_set_expiry_grace(cmd_parms* cmd, void*, const char* seconds) {
  return set(cmd, Directive::expiry_grace,
             [&](Settings& settings) { return assign(settings.expiry_grace, parse_number(seconds, 0, 2592000)); });
}

const char* calint_set_sync_window(cmd_parms* cmd, void*, const char* past, const char* future) {
  return set(cmd, Directive::sync_window, [&](Settings& settings) -> Status {
    Status status = assign(settings.sync_past, parse_number(past, 0, 366));
    return status.ok() ? assign(settings.sync_future, parse_number(future, 1, 1096)) : status;
  });
}

const char* calint_set_sync_interval(cmd_parms* cmd, void*, const char* seconds) {
  return set(cmd, Directive::sync_interval,
             [&](Settings& settings) { return assign(settings.sync_interval, parse_number(seconds, 60, 86400)); });
}

const char* calint_set_stale_after(cmd_parms* cmd, void*, const char* seconds) {
  return set(cmd, Directive::stale_after,
             [&](Settings& settings) { return assign(settings.stale_after, parse_number(seconds, 120, 604800)); });
}

const char* calint_set_unknown_policy(cmd_parms* cmd, void*, const char* policy) {
  return set(cmd, Directive::unknown_policy, [&](Settings& settings) -> Status {
    const std::string_view text = policy;
    if (text != "busy" && text != "free") return refuse(fmt::format("write busy or free, not \"{}\"", text));
    settings.unknown_is_free = text == "free";
    return {};
  });
}

const char* calint_set_provider_timeout(cmd_parms* cmd, void*, const char* connect, const char* total) {
  return set(cmd, Directive::provider_timeout, [&](Settings& settings) -> Status {
    Status status = assign(settings.connect_timeout, parse_timeout(connect, 100ms, 60s));
    if (status.ok()) status = assign(settings.total_timeout, parse_timeout(total, 100ms, 60s));
    if (status.ok() && settings.connect_timeout > settings.total_timeout)
      return refuse("write the time to connect first, then the time for the whole call, which is not shorter: 2 5");
    return status;
  });
}

const char* calint_set_provider_concurrency(cmd_parms* cmd, void*, const char* requests) {
  return set(cmd, Directive::provider_concurrency, [&](Settings& settings) {
    return assign(settings.provider_concurrency, parse_number(requests, 1, 100000));
  });
}

const char* calint_set_proxy(cmd_parms* cmd, void*, const char* text) {
  return set(cmd, Directive::proxy, [&](Settings& settings) -> Status {
    Result<Url> url = parse_url(text);
    if (!url.ok() || !url->query.empty() || (!url->path.empty() && url->path != "/"))
      return refuse(fmt::format("write it like http://proxy.example.com:3128, not \"{}\"", text));
    settings.proxy = url->origin();
    return {};
  });
}

const char* calint_set_ca_file(cmd_parms* cmd, void*, const char* path) {
  return set(cmd, Directive::ca_file,
             [&](Settings& settings) { return assign(settings.ca_file, parse_path(cmd->pool, path)); });
}

const char* calint_set_template_dir(cmd_parms* cmd, void*, const char* path) {
  return set(cmd, Directive::template_dir,
             [&](Settings& settings) { return assign(settings.template_dir, parse_path(cmd->pool, path)); });
}

const char* calint_add_frame_ancestor(cmd_parms* cmd, void*, const char* source) {
  return set(cmd, Directive::frame_ancestors, [&](Settings& settings) -> Status {
    Result<std::string> ancestor = parse_frame_ancestor(source);
    if (!ancestor.ok()) return std::move(ancestor).error();
    if (!server_config(cmd->server)->has(Directive::frame_ancestors)) settings.frame_ancestors.clear();
    // 'none' is the policy of an empty list; beside anything else it has no meaning.
    if (*ancestor != "'none'") settings.frame_ancestors.push_back(std::move(ancestor).value());
    return {};
  });
}

const char* calint_set_worker(cmd_parms* cmd, void*, int on) {
  return set(cmd, Directive::worker, [&](Settings& settings) -> Status {
    settings.worker = on != 0;
    return {};
  });
}

const char* calint_set_allow_insecure_loopback(cmd_parms* cmd, void*, int on) {
  return set(cmd, Directive::allow_insecure_loopback, [&](Settings& settings) -> Status {
    settings.allow_insecure_loopback = on != 0;
    return {};
  });
}
