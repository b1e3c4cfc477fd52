#include "provider/outlook/tenant.h"

#include "base/url.h"
#include "base/utf8.h"
#include "oauth/id_token.h"
#include "provider/outlook/guid.h"

namespace calint::outlook {
namespace {

constexpr std::string_view kPlaceholder = "{tenant}";
// Of all personal accounts.
constexpr std::string_view kPersonal = "9188040d-6c67-4c5b-b112-36a304b66dad";
constexpr size_t kLongestAccount = 320;

bool may_sign_in(std::string_view tenant, const std::string& tenant_id) {
  if (tenant == "organizations") return tenant_id != kPersonal;
  if (tenant == "consumers") return tenant_id == kPersonal;
  const std::string configured = guid(tenant);
  // A domain's id isn't known here; its token endpoint gives tokens of no other tenant.
  return configured.empty() || configured == tenant_id;
}

}  // namespace

std::string at_tenant(std::string_view url, std::string_view tenant) {
  std::string made(url);
  if (const size_t at = made.find(kPlaceholder); at != std::string::npos) made.replace(at, kPlaceholder.size(), tenant);
  return made;
}

std::string issuer_of(std::string_view token_url, std::string_view tenant, std::string_view tenant_id) {
  const std::string id = guid(tenant_id);
  auto endpoint = parse_url(token_url);
  if (id.empty() || !endpoint || !may_sign_in(tenant, id)) return "";
  return endpoint->origin() + "/" + id + "/v2.0";
}

Identity claimed_identity(const Secret& id_token) {
  return {.tenant_id = guid(oauth::claimed(id_token, "tid")),
          .object_id = guid(oauth::claimed(id_token, "oid")),
          .username = clean_utf8(oauth::claimed(id_token, "preferred_username"), kLongestAccount)};
}

std::string account_of(const Identity& identity) {
  const bool known = !identity.tenant_id.empty() && !identity.object_id.empty();
  return known ? identity.tenant_id + "/" + identity.object_id : "";
}

Result<oauth::Subject> subject_of(const Identity& identity, oauth::Subject believed) {
  believed.key = account_of(identity);
  if (believed.key.empty())
    return Error{.fault = Fault::corrupt, .what = "the id_token's tid or oid is missing", .code = "id_token"};
  if (!identity.username.empty()) believed.account = identity.username;
  return believed;
}

}  // namespace calint::outlook
