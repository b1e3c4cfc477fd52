// Who is believed, and who isn't.
#include <csignal>

#include "requests.h"
#include "support/certificates.h"
#include "support/check.h"
#include "support/loopback_server.h"

using namespace calint;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

void check_not_trusted(const Result<HttpResponse>& response, std::string_view why) {
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
  ck_assert_msg(response.error().what.find(why) != std::string::npos, "%s", response.error().what.c_str());
}

}  // namespace

CALINT_TEST(a_server_with_the_right_certificate_is_believed) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport transport(trusting(authority.file()));
  auto response = transport.send(post(server.url_at("localhost"), "code"), soon());
  CHECK_OK(response);
  CHECK(response->body.equals("ok"));
}

CALINT_TEST(a_certificate_for_another_host_is_refused) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("provider.example");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport transport(trusting(authority.file()));
  check_not_trusted(transport.send(post(server.url_at("localhost"), "code"), soon()), "it is for another host");
  check_not_trusted(transport.send(post(server.url(), "code"), soon()), "it is for another host");
}

CALINT_TEST(an_unknown_authority_is_refused) {
  const CertificateAuthority authority, other;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport with_other(trusting(other.file()));
  check_not_trusted(with_other.send(post(server.url_at("localhost"), "code"), soon()), "local issuer certificate");
  CurlTransport with_system({});
  check_not_trusted(with_system.send(post(server.url_at("localhost"), "code"), soon()), "local issuer certificate");
}

CALINT_TEST(an_expired_certificate_is_refused) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost", -1h);
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport transport(trusting(authority.file()));
  check_not_trusted(transport.send(post(server.url_at("localhost"), "code"), soon()), "certificate has expired");
}

CALINT_TEST(a_server_without_tls_is_refused) {
  LoopbackServer server(always(answer(200, "ok")));
  CurlTransport transport({});
  auto response = transport.send(post("https://localhost:" + std::to_string(server.port()) + "/", "code"), soon());
  CHECK_FAULT(response, Fault::unavailable);
  CHECK(response.error().nothing_sent);
}

CALINT_TEST(a_file_of_authorities_that_cannot_be_read_is_the_operators_fault) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport transport(trusting("/nonexistent/ca.pem"));
  auto response = transport.send(get(server.url_at("localhost")), soon());
  CHECK_FAULT(response, Fault::operator_fault);
  CHECK(response.error().nothing_sent);
}

// Where the other side is gone in the middle of writing, the kernel raises SIGPIPE unless told not to.
CALINT_TEST(a_connection_that_breaks_while_writing_raises_no_signal) {
  std::signal(SIGPIPE, SIG_DFL);
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server([](Peer& peer) { peer.reset(); }, &identity);
  CurlTransport transport(trusting(authority.file()));
  for (int i = 0; i < 5; ++i) {
    auto response = transport.send(post(server.url_at("localhost"), std::string(8 << 20, 'x')), soon());
    CHECK_FAULT(response, Fault::unavailable);
  }
}
