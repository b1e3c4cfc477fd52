#include "store/statements.h"

#include <jansson.h>

#include <memory>

#include "store/sql/grants.h"
#include "store/sql/users.h"

namespace calint::store {
namespace {

struct JsonFree {
  void operator()(json_t* json) const { json_decref(json); }
};
using Json = std::unique_ptr<json_t, JsonFree>;

json_t* text(const std::string& value) { return json_stringn(value.data(), value.size()); }

std::string dump(const Json& json) {
  std::unique_ptr<char, decltype(&free)> out(json_dumps(json.get(), JSON_COMPACT | JSON_ENCODE_ANY), &free);
  return out ? out.get() : "null";
}

// The array of what `write` makes of each, one at a time: as one tree a thousand calendars take 1.5 MB.
template <typename T>
std::string array_of(const std::vector<T>& all, json_t* (*write)(const T&)) {
  std::string array = "[";
  for (const T& one : all) {
    if (array.size() > 1) array += ',';
    array += dump(Json(write(one)));
  }
  return array + ']';
}

json_t* row_of(const Calendar& calendar) {
  json_t* row = json_object();
  json_object_set_new(row, "calendar_id", text(calendar.id));
  json_object_set_new(row, "name", text(calendar.name));
  json_object_set_new(row, "time_zone", text(calendar.time_zone));
  json_object_set_new(row, "color", text(calendar.color));
  json_object_set_new(row, "access_role", text(calendar.access_role));
  json_object_set_new(row, "owner", text(calendar.owner));
  json_object_set_new(row, "shared", json_boolean(calendar.is_shared));
  json_object_set_new(row, "is_primary", json_boolean(calendar.is_primary));
  json_object_set_new(row, "can_write", json_boolean(calendar.can_write));
  return row;
}

}  // namespace

postgres::Statement lock_user(const std::string& organization_id, const std::string& user_id) {
  return sql::lock_user{.organization_id = organization_id, .user_id = user_id};
}

postgres::Statement hold_grant(const std::string& client_organization_id, const std::string& account_key) {
  return sql::hold_grant{.client_organization = client_organization_id, .account_key = account_key};
}

postgres::Statement cancel_revocations(const std::string& account_key) {
  return sql::cancel_revocations{.account_key = account_key};
}

postgres::Statement queue_revocation(const std::string& organization_id, const std::string& user_id,
                           const std::optional<int64_t>& integration_id, const Revocation& revocation) {
  return sql::queue_revocation{.organization_id = organization_id,
                                .integration_id = integration_id,
                                .user_id = user_id,
                                .provider = revocation.provider,
                                .token = revocation.token_encrypted,
                                .seal_id = revocation.seal_id,
                                .grant_organization_id = revocation.grant_organization_id,
                                .account_key = revocation.account_key};
}

std::string calendars_json(const std::vector<Calendar>& calendars) { return array_of(calendars, row_of); }

std::string texts_json(const std::vector<std::string>& texts) { return array_of(texts, text); }

std::string audit_metadata(ProviderId provider, const AuditDetails& details) {
  Json object(json_object());
  json_object_set_new(object.get(), "provider", text(std::string(to_string(provider))));
  if (!details.reason.empty()) json_object_set_new(object.get(), "reason", text(details.reason));
  if (!details.from_provider.empty()) json_object_set_new(object.get(), "from_provider", text(details.from_provider));
  if (!details.subject_user_id.empty())
    json_object_set_new(object.get(), "subject_user_id", text(details.subject_user_id));
  if (details.revocation_unsupported) json_object_set_new(object.get(), "provider_revocation", text("unsupported"));
  return dump(object);
}

}  // namespace calint::store
