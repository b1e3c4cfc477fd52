#include "api/integration.h"

#include "base/paths.h"
#include "base/rfc3339.h"
#include "runtime/csrf.h"
#include "store/connection_views.h"

namespace calint::api {
namespace {

std::optional<std::string> time_text(const std::optional<Instant>& at) {
  return at ? std::optional(rfc3339_text(std::chrono::floor<std::chrono::seconds>(*at))) : std::nullopt;
}

JsonValue or_null(const std::string& text) { return text.empty() ? JsonValue(nullptr) : JsonValue(text); }

// Names of calendars are the user's own.
JsonArray calendars_of(const store::ConnectionView& view, bool is_own) {
  JsonArray calendars;
  for (const store::CalendarView& one : view.calendars)
    calendars.add(JsonObject()
                      .add("id", one.calendar_id)
                      .add("name", is_own ? JsonValue(one.name) : JsonValue(nullptr))
                      .add("primary", one.is_primary)
                      .add("shared", one.is_shared)
                      .add("writable", one.can_write)
                      .add("synced", one.sync)
                      .add("gone", one.gone)
                      .add("last_synced_at", time_text(one.last_synced_at))
                      .add("trouble", or_null(one.trouble)));
  return calendars;
}

// What isn't known yet of a ticked calendar makes the whole unknown.
std::optional<Instant> last_synced_at(const store::ConnectionView& view) {
  std::optional<Instant> oldest;
  for (const store::CalendarView& one : view.calendars) {
    if (!one.sync) continue;
    if (!one.last_synced_at) return std::nullopt;
    if (!oldest || *one.last_synced_at < *oldest) oldest = one.last_synced_at;
  }
  return oldest;
}

Response show(const Context& context, const std::string& user_id, const char* pointer) {
  context.query.refuse_others();
  if (!context.query.problems().empty()) return context.refuse(context.query.problems());
  const Caller& caller = context.caller;
  auto found = store::view_connection(context.runtime.pool(), caller.organization_id, user_id, context.call.deadline);
  if (!found) return context.fail(found.error());
  if (!*found) return context.unknown(pointer);
  const store::ConnectionView& view = **found;
  const bool is_own = caller.user && caller.user->id == user_id;
  const bool is_connected = !view.provider.empty();
  JsonObject object;
  object.add("id", is_connected ? JsonValue(std::to_string(view.id)) : JsonValue(nullptr))
      .add("user_id", user_id)
      .add("provider", or_null(view.provider))
      .add("status", is_connected ? view.status : "inactive")
      .add("reason", is_connected ? or_null(view.reason)
                                  : JsonValue(view.was_connected ? "disconnected" : "not_connected"))
      .add("account", or_null(view.account))
      .add("calendar_id", or_null(view.calendar_id))
      .add("connected_at", time_text(view.connected_at))
      .add("last_synced_at", time_text(last_synced_at(view)))
      .add("token_expires_at", time_text(view.token_expires_at))
      .add("calendars", calendars_of(view, is_own))
      .add("connect_url", context.runtime.settings().public_url->origin() + std::string(kSettingsPath));
  if (is_own)
    object.add("csrf_token", context.call.request.binding
                                 ? JsonValue(csrf_token(context.runtime, {*context.call.request.binding,
                                                                          caller.organization_id, user_id}))
                                 : JsonValue(nullptr));
  return json(200, object.text());
}

}  // namespace

Response own_integration(const Context& context, Reach) { return show(context, context.caller.user->id, ""); }

Response integration_of_user(const Context& context, Reach reach) {
  if (context.caller.may_ask_for(reach, context.id)) return show(context, context.id, "");
  // Whether there is such a colleague is told before that one may not ask.
  auto found = store::view_connection(context.runtime.pool(), context.caller.organization_id, context.id,
                                      context.call.deadline);
  if (!found) return context.fail(found.error());
  return *found ? context.not_allowed("only schedulers and administrators may ask for others") : context.unknown("");
}

}  // namespace calint::api
