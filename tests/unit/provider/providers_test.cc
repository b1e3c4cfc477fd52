// What the configured addresses make of a provider.
#include "provider/providers.h"

#include "support/check.h"
#include "support/scripted_transport.h"

using namespace calint;
using namespace std::chrono_literals;

namespace {

// Whether a server with these addresses gives the password to the host that it redirects to.
bool follows(const ProviderAddresses& addresses, const char* to) {
  test::ScriptedTransport transport;
  transport.then(HttpResponse{.status = 301, .headers = {{"location", to}}, .body = {}});
  transport.then(HttpResponse{.status = 401, .headers = {}, .body = {}});  // there, or at the well-known address
  const Provider apple = make_provider(ProviderId::apple, addresses, transport);
  auto grant = apple.password->sign_in("avery@icloud.example", Secret(std::string_view("x")), Instant(0s),
                                       Deadline::in(5s));
  CHECK(!grant);
  return transport.requests().back().url == to;
}

}  // namespace

CALINT_TEST(an_apple_password_goes_to_icloud_or_to_the_server_that_is_named_instead) {
  constexpr char kPartition[] = "https://p42-caldav.icloud.com/";
  CHECK(follows({}, kPartition));
  for (const char* icloud : {"https://caldav.icloud.com", "https://caldav.icloud.com:443/"})
    CHECK(follows({.api_url = icloud}, kPartition));
  CHECK(!follows({.api_url = "https://caldav.example.com"}, kPartition));
  CHECK(!follows({.api_hosts = {"p43-caldav.icloud.com"}}, kPartition));
  CHECK(follows({.api_url = "https://caldav.example.com", .api_hosts = {"*.icloud.com"}}, kPartition));
}
