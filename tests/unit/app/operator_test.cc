// What the operator has to mend: who is touched by it, how often it is tried, and what is told of it.
#include <thread>

#include "jobs/breakers.h"
#include "support/scripted_transport.h"
#include "worker_node.h"

using namespace calint;
using namespace std::chrono_literals;
using Installation = calint::test::InstallationWithProvider;
using calint::test::down;
using calint::test::json_answer;
using calint::test::make_due;
using calint::test::Node;
using calint::test::refused;
using calint::test::unvalidated;

namespace {

// Since what waits for the operator was tried last.
void let_a_minute_pass(Installation& installation) {
  installation.run("UPDATE calendar_breakers SET probe_at = now()");
}

int64_t audited(Installation& installation) {
  return installation.number("SELECT count(*) AS n FROM audit_logs");
}

}  // namespace

CALINT_TEST(a_provider_or_a_client_in_trouble_is_told_in_few_lines) {
  Installation installation;
  for (int i = 0; i < 30; ++i) installation.connect(std::to_string(i));
  installation.on_refresh = [] { return down(); };
  Node node(installation);
  node.run();
  ck_assert_int_eq(node.log.count("CALINT0220"), 30);
  ck_assert_int_eq(node.log.loud("CALINT0220"), 1);
  make_due(installation);
  installation.on_refresh = [] { return refused("invalid_client"); };
  node.run();
  CHECK(node.log.count("CALINT0204") < 30);  // as many as were under way
  ck_assert_int_eq(node.log.loud("CALINT0204"), 1);
  let_a_minute_pass(installation);
  installation.on_refresh = [] {
    return json_answer(200, R"({"access_token":"new","expires_in":3599,"token_type":"Bearer"})");
  };
  node.run();
  ck_assert_int_eq(node.log.said("google: over after"), 1);
  ck_assert_int_eq(node.log.said("google, this server's OAuth client: over after"), 1);
}

CALINT_TEST(what_the_operator_is_to_mend_touches_nobody) {
  Installation installation;
  const int64_t id = installation.connect("1");
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() - interval '3 days';"
                   "UPDATE calendar_jobs SET attempts = 3");
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node node(installation);
  node.run();
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  CHECK(!installation.integration(id).last_error);
  ck_assert_int_eq(node.log.count("CALINT0204"), 1);
  ck_assert_int_eq(audited(installation), 0);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now() AND attempts = 0"), 1);
  // However long it takes.
  for (int again = 0; again < 8; ++again) {
    let_a_minute_pass(installation);
    node.run();
  }
  CHECK_EQUAL(to_string(installation.integration(id).status), "connected");
  ck_assert_int_eq(installation.refreshes, 9);
}

CALINT_TEST(what_the_operator_has_to_mend_is_tried_once_a_minute_for_all_that_wait) {
  Installation installation;
  constexpr int kPeople = 30;
  for (int n = 1; n <= kPeople; ++n) installation.connect(std::to_string(n));
  const auto works = installation.on_refresh;
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node node(installation, 8);  // four of which are for background work
  node.run();
  const int first = installation.refreshes;
  CHECK(first >= 1 && first <= 4);
  Node another(installation, 8);
  another.run();
  node.run();
  ck_assert_int_eq(installation.refreshes, first);
  ck_assert_int_eq(node.log.loud("CALINT0204"), 1);
  ck_assert_int_eq(another.log.loud("CALINT0204"), 0);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'connected'"),
                   kPeople);
  ck_assert_int_eq(
      installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE due_at <= now() AND lease_until IS NULL"
                          " AND attempts = 0"),
      kPeople);

  let_a_minute_pass(installation);
  another.run();
  node.run();
  ck_assert_int_eq(installation.refreshes, first + 1);

  installation.on_refresh = works;
  let_a_minute_pass(installation);
  jobs::Worker worker(another.runtime(), another.log, [] { return false; }, {.kinds = app::kinds(), .chores = {}});
  for (int runs = 0; runs < 20 && installation.refreshes < first + 1 + kPeople; ++runs)
    std::this_thread::sleep_for(worker.run());
  ck_assert_int_eq(installation.refreshes, first + 1 + kPeople);
  ck_assert_int_eq(another.log.count("CALINT0228"), 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers"), 0);
}

CALINT_TEST(what_a_missing_key_seals_waits_for_it_and_the_rest_goes_on) {
  Installation installation;
  for (int n = 1; n <= 3; ++n) installation.connect(std::to_string(n));
  installation.run("UPDATE calendar_integrations SET"
                   " refresh_token_encrypted = overlay(refresh_token_encrypted PLACING '\\x00000001' FROM 2 FOR 4)"
                   " WHERE user_id <> '3'");
  Node node(installation);
  node.run();
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lane = '!key/00000001'"), 2);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers WHERE subject = 'key/00000001'"),
                   1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_integrations WHERE status = 'connected'"),
                   3);
  node.run();
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE lane = '!key/00000001'"), 2);
}

CALINT_TEST(a_reload_with_another_secret_tries_at_once) {
  Installation installation;
  for (int n = 1; n <= 5; ++n) installation.connect(std::to_string(n));
  const auto works = installation.on_refresh;
  installation.on_refresh = [] { return refused("invalid_client"); };
  Node(installation, 8).run();
  const int before = installation.refreshes;
  installation.run("UPDATE calendar_breakers SET mark = 'of the former secret'");
  installation.on_refresh = works;
  Node reloaded(installation, 8);
  jobs::Worker worker(reloaded.runtime(), reloaded.log, [] { return false; }, {.kinds = app::kinds(), .chores = {}});
  for (int runs = 0; runs < 20 && installation.refreshes < before + 5; ++runs)
    std::this_thread::sleep_for(worker.run());
  ck_assert_int_eq(installation.refreshes, before + 5);
}

CALINT_TEST(what_is_opened_while_the_database_is_asked_is_held) {
  Installation installation;
  Node node(installation);
  jobs::Breakers breakers(node.runtime(), node.log);
  const auto look = [&] { CHECK_OK(breakers.look({}, {"google/1"}, {"refresh"}, Deadline::in(5s))); };
  breakers.will_look();
  breakers.opened({.subject = "client/1", .provider = ProviderId::google, .kinds = {"refresh"}, .lane = "google/1", .name = "google"});
  look();
  CHECK(breakers.holds("refresh", "google/1"));
  breakers.will_look();
  look();
  CHECK(!breakers.holds("refresh", "google/1"));
}

CALINT_TEST(calendars_that_are_refused_hold_no_refresh) {
  Installation installation;
  unvalidated(installation, "1");
  unvalidated(installation, "2");
  installation.connect("3");
  installation.on_list = [] {
    return json_answer(403, R"({"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}],"message":"x"}})");
  };
  Node node(installation, 4);  // two of which are for background work
  node.run();
  CHECK(installation.lists <= 2);
  ck_assert_int_eq(installation.refreshes, 1);
  ck_assert_int_eq(installation.number("SELECT count(*) AS n FROM calendar_breakers WHERE subject LIKE 'calendars/%'"),
                   1);
  const int lists = installation.lists;
  make_due(installation);
  Node(installation, 4).run();
  ck_assert_int_eq(installation.lists, lists);
}
