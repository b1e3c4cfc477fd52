#include "httpd/identity.h"

#include "httpd/session.h"

namespace calint::httpd {
namespace {

std::optional<std::string> read(request_rec* r, Identity from, const std::string& name) {
  switch (from) {
    case Identity::session:
      return session_entry(r, name);
    case Identity::environment:
      if (const char* value = apr_table_get(r->subprocess_env, name.c_str()); value && *value) return value;
      return std::nullopt;
    case Identity::remote_user:
      if (r->user != nullptr && *r->user != '\0') return r->user;
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<store::Login> signed_in(request_rec* r, const Settings& settings) {
  auto name = read(r, settings.identity, settings.identity_name);
  if (!name) return std::nullopt;
  if (!settings.organization_from) return store::Login{.name = std::move(*name)};
  auto organization = read(r, *settings.organization_from, settings.organization_name);
  if (!organization) {
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, r,
                  "CALINT0211: a login without organisation counts as nobody: CalIntOrganization %s:%s is not in this "
                  "request, or empty",
                  *settings.organization_from == Identity::session ? "session" : "env",
                  settings.organization_name.c_str());
    return std::nullopt;
  }
  return store::Login{.name = std::move(*name), .organization = std::move(*organization)};
}

}  // namespace calint::httpd
