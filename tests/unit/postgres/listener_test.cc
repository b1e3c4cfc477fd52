#include "postgres/listener.h"

#include <thread>

#include "store/revocations.h"
#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::postgres;
using namespace std::chrono_literals;
using calint::test::soon;

namespace {

bool hears(Listener& listener) {
  auto heard = listener.heard();
  CHECK_OK(heard);
  return *heard;
}

// What was sent before is there by now, or within a moment.
bool hears_soon(Listener& listener) {
  for (int i = 0; i < 100; ++i) {
    if (hears(listener)) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

}  // namespace

CALINT_TEST(hears_of_a_job_that_is_queued) {
  const test::Installation installation;
  const std::string& conninfo = installation.conninfo;
  Pool pool({.conninfo = conninfo, .max = 1});
  Listener listener(conninfo);
  CHECK(hears(listener));  // a new connection may have missed something
  CHECK(!hears(listener));

  CHECK_OK(store::queue_lost_grant(pool, "1", "ivy",
                            {.provider = "google", .token_encrypted = "sealed", .seal_id = "s",
                             .grant_organization_id = "", .account_key = "key"},
                            soon()));
  CHECK(hears_soon(listener));
  CHECK(!hears(listener));
}

CALINT_TEST(hears_several_as_one) {
  const test::Installation installation;
  const std::string& conninfo = installation.conninfo;
  Listener listener(conninfo);
  CHECK(hears(listener));
  auto connection = test::open(conninfo);
  for (int i = 0; i < 5; ++i) CHECK_OK(connection->script("NOTIFY calint_jobs", soon()));
  std::this_thread::sleep_for(200ms);
  CHECK(hears_soon(listener));
  CHECK(!hears(listener));
}

CALINT_TEST(other_channels_are_not_heard) {
  const test::Installation installation;
  const std::string& conninfo = installation.conninfo;
  Listener listener(conninfo);
  CHECK(hears(listener));
  CHECK_OK(test::open(conninfo)->script("NOTIFY calint", soon()));
  std::this_thread::sleep_for(200ms);
  CHECK(!hears(listener));
}

CALINT_TEST(a_session_that_was_ended_is_made_anew) {
  const test::Installation installation;
  const std::string& conninfo = installation.conninfo;
  Listener listener(conninfo, 1s);
  CHECK(hears(listener));
  auto connection = test::open(conninfo);
  CHECK_OK(connection->script("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                              " WHERE datname = current_database() AND pid <> pg_backend_pid()",
                              soon()));
  std::this_thread::sleep_for(100ms);
  // Not before its time, so that a server that ends every session isn't asked without a pause.
  CHECK(!hears(listener));
  std::this_thread::sleep_for(1s);
  CHECK(hears(listener));
  CHECK_OK(connection->script("NOTIFY calint_jobs", soon()));
  CHECK(hears_soon(listener));
}

CALINT_TEST(no_connection_is_said_once_and_nothing_is_heard) {
  Listener listener("host=127.0.0.1 port=1 dbname=none user=nobody");
  auto first = listener.heard();
  CHECK(!first);
  CHECK_EQUAL(first.error().fault, Fault::unavailable);
  for (int i = 0; i < 3; ++i) CHECK(!hears(listener));
}
