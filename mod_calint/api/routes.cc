#include "api/routes.h"

#include "api/availability.h"
#include "api/changes.h"
#include "api/events.h"
#include "api/holds.h"
#include "api/integration.h"
#include "api/slots.h"
#include "base/utf8.h"

namespace calint::api {
namespace {

constexpr size_t kLongestId = 255;

constexpr Route kRoutes[] = {
    {"GET", "/integration", Right::own_integration, own_integration},
    {"GET", "/users/{id}/integration", Right::integration, integration_of_user},
    {"GET", "/availability", Right::availability, availability_by_query, "text/calendar"},
    {"POST", "/availability", Right::availability, availability_by_body, "text/calendar"},
    {"POST", "/slots", Right::slots, slots},
    {"GET", "/holds", Right::holds, list_holds},
    {"POST", "/holds", Right::holds, make_hold},
    {"GET", "/holds/{id}", Right::holds, show_hold},
    {"PATCH", "/holds/{id}", Right::holds, put_hold_off},
    {"DELETE", "/holds/{id}", Right::holds, release_hold},
    {"GET", "/events", Right::events, list_events},
    {"POST", "/events", Right::events, make_event},
    {"GET", "/events/{id}", Right::events, show_event},
    {"PATCH", "/events/{id}", Right::events, change_event},
    {"DELETE", "/events/{id}", Right::events, cancel_event},
    {"GET", "/changes", Right::changes, changes},
};

// Whether `path` is of `pattern`; its id then is what stands in the place of "{id}".
bool is_of(std::string_view path, std::string_view pattern, std::string_view& id) {
  constexpr std::string_view kId = "{id}";
  const size_t at = pattern.find(kId);
  if (at == pattern.npos) return path == pattern;
  const std::string_view before = pattern.substr(0, at), after = pattern.substr(at + kId.size());
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return false;
  id = path.substr(before.size(), path.size() - before.size() - after.size());
  return id.find('/') == id.npos && is_clean_utf8(id, kLongestId);
}

}  // namespace

Match find_route(std::string_view path, std::string_view method) {
  Match match;
  const std::string_view wanted = method == "HEAD" ? "GET" : method;
  for (const Route& route : kRoutes) {
    std::string_view id;
    if (!is_of(path, route.path, id)) continue;
    match.allow += match.allow.empty() ? "OPTIONS, " : ", ";
    match.allow += route.method == "GET" ? "GET, HEAD" : route.method;
    if (route.method != wanted) continue;
    match.route = &route;
    match.id = id;
  }
  return match;
}

}  // namespace calint::api
