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

std::optional<std::string> signed_in_login(request_rec* r, const Settings& settings) {
  return read(r, settings.identity, settings.identity_name);
}

std::optional<std::string> signed_in_organization(request_rec* r, const Settings& settings) {
  if (!settings.organization_from) return std::nullopt;
  return read(r, *settings.organization_from, settings.organization_name);
}

}  // namespace calint::httpd
