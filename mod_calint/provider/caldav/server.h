// A CalDAV server, and requests to it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/url.h"
#include "net/transport.h"

namespace calint::caldav {

// Where accounts are, as for Discovery.
struct Server {
  Url entry;
  std::vector<std::string> hosts;  // patterns of those that the password may go to
};

// The answer from wherever the request is redirected to, method and body with it: to where the password may go, five
// times at most. Errors: the transport's, with nothing_sent only where no request left; unavailable where it leads
// elsewhere (code "foreign_host") or to no end ("redirects"). `led_on` hears of each place that it is redirected to before
// it is asked there.
Result<HttpResponse> send_to(const Server& server, Transport& transport, HttpRequest request, Deadline deadline,
                             const std::function<void(const Url& url)>& led_on = {});

}  // namespace calint::caldav
