#include "httpd/routes.h"

#include "httpd/handlers.h"

namespace calint::httpd {
namespace {

constexpr Route kRoutes[] = {
    {"calint-auth", handle_auth},          // mounted at /calendar/auth
    {"calint-settings", handle_settings},  // mounted at /settings/calendar
    {"calint-admin", handle_admin},        // mounted at /admin/integrations/calendar
    {"calint-api", handle_api},            // mounted at /calendar/api/v1
    {"calint-static", handle_static},      // mounted at /calendar/static
};

}  // namespace

const Route* find_route(const char* handler) {
  if (handler == nullptr) return nullptr;
  for (const Route& route : kRoutes)
    if (ap_cstr_casecmp(route.handler, handler) == 0) return &route;
  return nullptr;
}

int handle(request_rec* r) {
  const Route* route = find_route(r->handler);
  return route == nullptr ? kDeclined : route->serve(r);
}

}  // namespace calint::httpd
