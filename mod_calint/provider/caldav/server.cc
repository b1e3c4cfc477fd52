#include "provider/caldav/server.h"

#include "provider/caldav/errors.h"
#include "provider/caldav/hosts.h"

namespace calint::caldav {
namespace {

constexpr int kMostRedirects = 5;

bool is_redirect(int status) { return status == 301 || status == 302 || status == 307 || status == 308; }

// Of one calendar: that says nothing of the account.
Error leads_away() {
  Error error = foreign_host();
  error.fault = Fault::unavailable;
  return error;
}

}  // namespace

Result<HttpResponse> send_to(const Server& server, Transport& transport, HttpRequest request, Deadline deadline,
                             const std::function<void(const Url& url)>& led_on) {
  for (int redirects = 0;; ++redirects) {
    auto url = parse_url(request.url);
    if (!url || !may_get_password(*url, server.entry, server.hosts)) return leads_away();
    auto response = transport.send(request, deadline);
    if (!response) response.error().nothing_sent = response.error().nothing_sent && redirects == 0;
    if (!response || !is_redirect(response->status)) return response;
    auto target = resolve_url(*url, response->header("location"));
    if (!target || redirects == kMostRedirects)
      return Error{.fault = Fault::unavailable, .what = "CalDAV redirects without end", .code = "redirects"};
    request.url = target->text();
    if (led_on) led_on(*target);
  }
}

}  // namespace calint::caldav
