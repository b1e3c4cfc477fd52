#include "site/client_form.h"

#include <algorithm>
#include <string_view>

#include "base/host_name.h"
#include "base/text.h"
#include "pages/texts.h"
#include "site/visitor.h"

namespace calint::site {
namespace {

constexpr size_t kLongestClientId = 255;
constexpr size_t kLongestSecret = 1024;

std::string value(const std::vector<FormField>& fields, std::string_view name) {
  const std::string* found = single_field(fields, name);
  return found == nullptr ? std::string() : std::string(trimmed(*found));
}

}  // namespace

ClientForm parse_client_form(std::vector<FormField>& fields, ProviderId provider,
                             const std::string& servers_client_id) {
  ClientForm form{.client_id = value(fields, "client_id"),
                  .client_secret = Secret(trimmed(take_secret(fields, "client_secret").reveal())),
                  .tenant = facts(provider).has_tenants ? value(fields, "tenant") : std::string()};
  if (form.client_id.empty() || form.client_id.size() > kLongestClientId ||
      !std::ranges::all_of(form.client_id, is_visible))
    form.client_id_error = texts::organization::client_id::malformed{};
  else if (form.client_id == servers_client_id)
    form.client_id_error = texts::organization::client_id::servers{};
  const std::string_view secret = form.client_secret.reveal();
  if (secret.empty() || secret.size() > kLongestSecret || std::ranges::any_of(secret, is_control))
    form.secret_error = texts::organization::secret::malformed{};
  if (!form.tenant.empty() && !is_tenant(form.tenant))
    form.tenant_error = texts::organization::tenant::malformed{};
  return form;
}

}  // namespace calint::site
