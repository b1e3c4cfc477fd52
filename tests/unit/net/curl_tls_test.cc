// Who is believed, and who isn't.
#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

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
  CurlTransport with_system(trusting(""));
  check_not_trusted(with_system.send(post(server.url_at("localhost"), "code"), soon()), "local issuer certificate");
}

CALINT_TEST(without_a_trust_store_nobody_is_believed) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport transport({});
  check_not_trusted(transport.send(post(server.url_at("localhost"), "code"), soon()), "local issuer certificate");
}

CALINT_TEST(the_same_authorities_are_asked_for_an_https_proxy) {
  const CertificateAuthority authority, other;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer proxy(always(answer(403, "no")), &identity);
  CurlTransport::Options options = trusting(authority.file());
  options.proxy = proxy.url_at("localhost");
  auto refused = CurlTransport(options).send(get("https://provider.example/"), soon());
  CHECK_FAULT(refused, Fault::unavailable);
  ck_assert_msg(refused.error().what.find("certificate") == std::string::npos, "%s", refused.error().what.c_str());
  options.trust = TrustStore::load(other.file()).value();
  check_not_trusted(CurlTransport(options).send(get("https://provider.example/"), soon()), "local issuer certificate");
}

CALINT_TEST(one_trust_store_serves_many_transports_and_threads) {
  const CertificateAuthority authority;
  const ServerIdentity identity = authority.issue("localhost");
  LoopbackServer server(always(answer(200, "ok")), &identity);
  CurlTransport::Options options = trusting(authority.file());
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] {
      CurlTransport transport(options);
      for (int n = 0; n < 4; ++n) answered += transport.send(get(server.url_at("localhost")), soon()).ok() ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  ck_assert_int_eq(answered, 32);
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
  auto missing = TrustStore::load("/nonexistent/ca.pem");
  CHECK_FAULT(missing, Fault::operator_fault);
  CHECK(missing.error().what.find("/nonexistent/ca.pem") != std::string::npos);
  CHECK_FAULT(TrustStore::load("/dev/null"), Fault::operator_fault);
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
