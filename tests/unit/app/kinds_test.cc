// What every kind of background work keeps to, over a real database: a kind that is listed and has no ground to stand
// on here fails.
#include <fmt/format.h>

#include <algorithm>
#include <latch>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>

#include "integration/due_refresh.h"
#include "net/call_loop.h"
#include "support/postgres.h"
#include "support/scripted_transport.h"
#include "vault/vault.h"
#include "worker_node.h"

using namespace calint;
using namespace std::chrono_literals;
using Installation = calint::test::InstallationWithProvider;
using calint::test::Node;

namespace {

// How jobs of a kind come into being, each of a user of its own, due now.
struct Ground {
  void (*make)(Installation& installation, int count);
  // Every job has been begun and never ended for so long that it is taken for what ends the process.
  const char* poison;
};

void connect(Installation& installation, int count) {
  for (int n = 1; n <= count; ++n) installation.connect(std::to_string(n));
}

void make_validations(Installation& installation, int count) {
  connect(installation, count);
  installation.run(
      "UPDATE calendar_integrations SET status = 'error', last_error = 'not_validated', error_since = now(),"
      " token_expires_at = now() + interval '1 hour';"
      "UPDATE calendar_jobs SET due_at = now() + interval '55 minutes';"
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
      " SELECT '1', 'validate', id, user_id, provider FROM calendar_integrations");
}

void make_syncs(Installation& installation, int count) {
  connect(installation, count);
  installation.run("UPDATE calendar_integrations SET token_expires_at = now() + interval '1 hour';"
                   "UPDATE calendar_jobs SET due_at = now() + interval '55 minutes';"
                   "INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name,"
                   " access_role, sync) SELECT '1', id, 'own', 'Own', 'owner', true FROM calendar_integrations");
}

// Of interviews that nobody has told the provider of.
void make_interviews(Installation& installation, int count) {
  connect(installation, count);
  installation.run(
      "UPDATE calendar_integrations SET token_expires_at = now() + interval '1 hour', calendar_id = 'own';"
      "UPDATE calendar_jobs SET due_at = now() + interval '55 minutes';"
      "INSERT INTO calendar_events (organization_id, id, interview_ref, user_id, integration_id, provider, calendar_id,"
      " status, body, digest, guests, starts_at, ends_at, unsent)"
      " SELECT '1', md5(id::text), id::text, user_id, id, provider, 'own', 'pending', '{}', '', '[]',"
      " '2030-01-07 09:00Z', '2030-01-07 10:00Z', '{create}' FROM calendar_integrations;"
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, subject, user_id, provider)"
      " SELECT '1', 'interview', integration_id, id, user_id, provider FROM calendar_events");
}

void make_revocations(Installation& installation, int count) {
  for (int n = 1; n <= count; ++n) {
    const std::string user = std::to_string(n);
    auto revocation = vault::seal_revocation(installation.keyset(), {"1", user, ProviderId::google, 0},
                                             {"", "key-" + user}, Secret(std::string_view("refresh")));
    CHECK_OK(revocation);
    CHECK_OK(store::queue_lost_grant(installation.pool, "1", user, *revocation, Deadline::in(30s)));
  }
}

const std::map<std::string_view, Ground> kGrounds = {
    {"refresh",
     {.make = connect,
      .poison = "UPDATE calendar_integrations SET token_expires_at = now() - interval '27 hours';"
                "UPDATE calendar_jobs SET attempts = 5"}},
    {"validate",
     {.make = make_validations,
      .poison = "UPDATE calendar_integrations SET error_since = now() - interval '27 hours';"
                "UPDATE calendar_jobs SET attempts = 5"}},
    {"sync",
     {.make = make_syncs,
      .poison = "UPDATE calendar_integrations SET connected_at = now() - interval '27 hours';"
                "UPDATE calendar_jobs SET attempts = 5"}},
    {"interview",
     {.make = make_interviews,
      .poison = "UPDATE calendar_events SET starts_at = now() - interval '28 hours', ends_at = now() - interval '27 hours';"
                "UPDATE calendar_jobs SET attempts = 5"}},
    {"revoke",
     {.make = make_revocations,
      .poison = "UPDATE calendar_jobs SET deadline_at = now() - interval '3 hours', attempts = 5"}},
};

const Ground& ground_of(const jobs::Kind& kind) {
  const auto found = kGrounds.find(kind.name);
  ck_assert_msg(found != kGrounds.end(), "kind %s is listed and isn't covered here", std::string(kind.name).c_str());
  return found->second;
}

// Whatever a lease or a pause kept away.
void make_all_due(Installation& installation) {
  installation.run("UPDATE calendar_jobs SET due_at = now(), lease_until = NULL;"
                   "UPDATE calendar_grants SET revoking_until = NULL");
}

// In both lanes of the provider.
std::vector<std::unique_ptr<jobs::Job>> claim(const jobs::Kind& kind, Installation& installation, Node& node,
                                              int most) {
  std::vector<std::unique_ptr<jobs::Job>> all;
  for (const std::string& lane : {std::string("google"), test::client_lane(installation)}) {
    store::RoundRobin round;
    auto claimed = kind.claim(node.runtime(), jobs::claim_of(kind, lane, node.runtime().node_id(), most), round,
                              Deadline::in(30s));
    CHECK_OK(claimed);
    for (auto& job : claimed->jobs) all.push_back(std::move(job));
  }
  return all;
}

std::chrono::milliseconds run(const jobs::Kind& kind, Node& node, unsigned threads = 2) {
  const jobs::Kind* only[] = {&kind};
  return jobs::Worker(node.runtime(), node.log, [&] { return node.stopping.load(); },
                      {.kinds = only, .chores = {}, .threads = threads})
      .run();
}

// At the provider, whatever is asked.
int calls(const Installation& installation) {
  return installation.refreshes + installation.lists + installation.revocations + installation.reads +
         installation.writes;
}

void for_each_kind(const std::function<void(const jobs::Kind&, const Ground&)>& check) {
  CHECK(!app::kinds().empty());
  for (const jobs::Kind* kind : app::kinds()) check(*kind, ground_of(*kind));
}

}  // namespace

CALINT_TEST(kinds_have_names_and_paces_of_their_own) {
  std::set<std::string_view> names;
  for_each_kind([&](const jobs::Kind& kind, const Ground&) {
    CHECK(names.insert(kind.name).second);
    CHECK(kind.backoff.first >= 1s && kind.backoff.first <= kind.backoff.most && kind.backoff.most <= 24h);
    // Work of a child that was killed is taken up again within a minute.
    CHECK(kind.lease > 15s && kind.lease <= 60s);
    CHECK(kind.failed_tag.starts_with("CALINT0"));
  });
  ck_assert_uint_eq(names.size(), kGrounds.size());
}

CALINT_TEST(a_kind_takes_its_share_of_a_providers_slots_and_no_more) {
  Installation installation;
  connect(installation, 12);
  jobs::Kind half = integration::kRefresh;
  half.share = 0.5;
  std::atomic<int> at_once{0}, most{0};
  installation.on_call = [&] {
    const int now = ++at_once;
    for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) {
    }
    pause(20ms);
    --at_once;
  };
  Node node(installation, 16);  // eight of which are for background work
  run(half, node);
  ck_assert_int_eq(calls(installation), 12);
  ck_assert_int_eq(most, 4);
}

CALINT_TEST(each_job_is_claimed_once_by_two_nodes) {
  constexpr int kJobs = 120;
  for_each_kind([](const jobs::Kind& kind, const Ground& ground) {
    Installation installation;
    ground.make(installation, kJobs);
    std::multiset<int64_t> claimed[2];
    std::vector<std::thread> threads;
    std::latch ready(2);
    for (auto& mine : claimed)
      threads.emplace_back([&] {
        Node node(installation);
        CHECK_OK(node.runtime().pool().borrow(Deadline::in(30s)));
        ready.arrive_and_wait();
        // One that found only rows which the other is claiming comes again.
        for (int empty = 0; empty < 20;) {
          const auto some = claim(kind, installation, node, 4);
          for (const auto& job : some) mine.insert(job->claimed().id);
          empty = some.empty() ? empty + 1 : 0;
        }
      });
    for (std::thread& thread : threads) thread.join();
    CHECK(!claimed[0].empty() && !claimed[1].empty());
    claimed[0].merge(claimed[1]);
    ck_assert_uint_eq(claimed[0].size(), kJobs);
    ck_assert_uint_eq((std::set<int64_t>(claimed[0].begin(), claimed[0].end()).size()), kJobs);
  });
}

CALINT_TEST(a_node_that_stops_gives_back_what_it_claimed) {
  constexpr int kJobs = 40;
  for_each_kind([](const jobs::Kind& kind, const Ground& ground) {
    Installation installation;
    ground.make(installation, kJobs);
    Node node(installation);
    installation.on_call = [&] { node.stopping = true; };
    run(kind, node);
    const int begun = calls(installation);
    CHECK(begun >= 1 && begun < kJobs);
    Node another(installation);
    const auto left = claim(kind, installation, another, kJobs);
    ck_assert_int_eq(static_cast<int>(left.size()), kJobs - begun);
    for (const auto& job : left) ck_assert_int_eq(job->claimed().attempts, 1);
  });
}

CALINT_TEST(a_job_whose_work_throws_is_postponed_and_the_others_go_on) {
  constexpr int kJobs = 10;
  for_each_kind([](const jobs::Kind& kind, const Ground& ground) {
    Installation installation;
    ground.make(installation, kJobs);
    Node node(installation);
    std::atomic<int> begun{0};
    installation.on_call = [&] {
      if (++begun == 3) throw std::runtime_error("a bug");
    };
    run(kind, node);
    ck_assert_int_eq(begun, kJobs);
    ck_assert_int_eq(node.log.count("CALINT0216"), 1);
    CHECK(claim(kind, installation, node, kJobs).empty());
    make_all_due(installation);
    const auto left = claim(kind, installation, node, kJobs);
    const auto thrown = std::ranges::count_if(left, [](const auto& job) { return job->claimed().attempts == 2; });
    ck_assert_int_eq(static_cast<int>(thrown), 1);
  });
}

CALINT_TEST(a_job_that_is_taken_for_poison_is_given_up_unbegun) {
  for_each_kind([](const jobs::Kind& kind, const Ground& ground) {
    Installation installation;
    ground.make(installation, 1);
    installation.run(ground.poison);
    Node node(installation);
    run(kind, node);
    ck_assert_int_eq(calls(installation), 0);
    make_all_due(installation);
    CHECK(claim(kind, installation, node, 1).empty());
  });
}

CALINT_TEST(a_job_is_not_done_twice_while_its_lease_runs) {
  for_each_kind([](const jobs::Kind& kind, const Ground& ground) {
    Installation installation;
    ground.make(installation, 1);
    Node node(installation), another(installation);
    CHECK_EQUAL(claim(kind, installation, node, 1).size(), 1);
    // Due again before its end, as by a person who asks for it.
    installation.run("UPDATE calendar_jobs SET due_at = now()");
    CHECK(claim(kind, installation, another, 1).empty());
  });
}
