// Ticks, reads of calendars and what is kept of them.
#include "store/syncs.h"

#include <fmt/format.h>

#include <map>

#include "store/calendars.h"
#include "store/integrations.h"
#include "store/reads.h"
#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

const Actor kIvy{.user_id = "7"};

std::chrono::sys_seconds at(int hour) {
  return std::chrono::sys_days(std::chrono::year(2027) / 1 / 11) + std::chrono::hours(hour);
}

ReadInterval busy(int from, int to, std::string_view kind = "busy") { return {kind, at(from), at(to)}; }

// Ivy is connected, and has the calendars "own" and "other".
constexpr const char* kConnected =
    "INSERT INTO users (id, email, name, is_interviewer) VALUES (7, 'ivy', 'Ivy', true);"
    "INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key, seal_id, status,"
    " access_token_encrypted) VALUES ('1', '7', 'google', 'key', 's', 'connected', 'sealed');"
    "INSERT INTO calendar_integration_calendars (organization_id, integration_id, calendar_id, name, access_role)"
    " SELECT '1', id, calendar, calendar, 'owner'"
    " FROM calendar_integrations, (VALUES ('own'), ('other')) c (calendar)";

struct Installation : test::Installation {
  Installation() : test::Installation(kConnected) {}

  Integration integration() {
    auto found = find_active(pool, "1", "7", soon());
    CHECK_OK(found);
    CHECK(found->has_value());
    return **found;
  }

  void tick(const std::vector<std::string>& calendars) {
    run("DELETE FROM calendar_password_tries");  // the least pause is over
    CHECK_OK(choose_calendars(pool, integration(), calendars, kIvy, soon()));
  }

  std::vector<SyncJob> claim(const std::string& owner = "node") {
    RoundRobin round;
    const Claim claim{.kind = "sync", .lane = "google", .backoff = {.first = 30s, .most = 15min}, .lease = 60s,
                      .owner = owner, .most = 10};
    auto some = claim_syncs(pool, claim, {}, round, soon());
    CHECK_OK(some);
    return std::move(some->jobs);
  }

  // The only one that is due.
  SyncJob claim_one(const std::string& owner = "node") {
    auto jobs = claim(owner);
    ck_assert_uint_eq(jobs.size(), 1);
    CHECK(jobs[0].integration && jobs[0].sync);
    return std::move(jobs[0]);
  }

  // A whole read that says this of series, as `job`'s.
  Result<Applied> read(const SyncJob& job, const std::vector<ReadSeries>& series, bool is_full = false) {
    const store::Reading reading{job.job, *job.sync, 60s};
    if (auto begun = begin_read(pool, reading, soon()); !begun) return begun.error();
    if (auto added = add_series(pool, reading, series, soon()); !added) return added.error();
    return apply_read(pool, reading, *job.integration, end(is_full), soon());
  }

  static ReadEnd end(bool is_full = false) {
    return {.is_full = is_full, .cursor = "next", .known_from = at(0), .known_until = at(1000), .evaluator = 1,
            .zone = "UTC", .tells_from = at(0), .tells_until = at(1000), .due_at = SystemClock().now() + 10min};
  }

  void make_due() { run("UPDATE calendar_jobs SET due_at = now() - interval '1 second'"); }

  // "series kind from-to" of each, in order.
  std::string intervals() {
    return said("SELECT coalesce(string_agg(series_key || ' ' || kind || ' '"
                " || extract(epoch FROM starts_at - '2027-01-11Z')::int / 3600 || '-'"
                " || extract(epoch FROM ends_at - '2027-01-11Z')::int / 3600, ', ' ORDER BY series_key, starts_at), '')"
                " AS said FROM calendar_busy_intervals");
  }
  std::string said(postgres::Sql sql) { return std::string(rows(sql).text(0, "said")); }
  int64_t changes() {
    return number("SELECT count(*) AS n FROM calendar_changes WHERE change = 'availability_changed'");
  }
};

}  // namespace

CALINT_TEST(a_tick_makes_a_sync_due_and_its_end_takes_all_that_was_read) {
  Installation one;
  CHECK(one.claim().empty());
  one.tick({"own", "other"});
  ck_assert_uint_eq(one.claim().size(), 2);
  one.tick({"own"});
  CHECK_EQUAL(one.said("SELECT string_agg(subject, ' ') AS said FROM calendar_jobs"), "own");
  one.run("UPDATE calendar_jobs SET lease_owner = NULL, lease_until = NULL");
  const SyncJob job = one.claim_one();
  CHECK_OK(one.read(job, {{.key = "a", .body = "text", .intervals = {busy(1, 2)}}}));
  one.tick({});
  CHECK_EQUAL(one.intervals(), "");
  ck_assert_int_eq(one.number("SELECT (SELECT count(*) FROM calendar_series) + (SELECT count(*) FROM calendar_syncs)"
                              " + (SELECT count(*) FROM calendar_jobs) AS n"), 0);
}

CALINT_TEST(a_calendar_without_a_zone_is_read_in_the_primary_ones) {
  Installation one;
  one.tick({"own", "other"});
  const auto zones = [&] {
    one.make_due();
    one.run("UPDATE calendar_jobs SET lease_owner = NULL, lease_until = NULL");
    std::map<std::string, std::string> all;
    for (const SyncJob& job : one.claim()) all[job.sync->calendar_id] = job.sync->calendar_zone;
    return all;
  };
  CHECK((zones() == std::map<std::string, std::string>{{"own", ""}, {"other", ""}}));
  one.run("UPDATE calendar_integration_calendars SET is_primary = true, time_zone = 'Europe/Berlin'"
          " WHERE calendar_id = 'own'");
  CHECK((zones() == std::map<std::string, std::string>{{"own", "Europe/Berlin"}, {"other", "Europe/Berlin"}}));
  one.run("UPDATE calendar_integration_calendars SET time_zone = 'Asia/Tokyo' WHERE calendar_id = 'other'");
  CHECK((zones() == std::map<std::string, std::string>{{"own", "Europe/Berlin"}, {"other", "Asia/Tokyo"}}));
}

CALINT_TEST(a_read_replaces_the_series_that_it_names_and_is_told_once) {
  Installation one;
  one.tick({"own"});
  auto applied = one.read(one.claim_one(), {{.key = "a", .body = "A", .intervals = {busy(1, 2), busy(5, 6)}},
                                            {.key = "b", .intervals = {busy(3, 4, "oof")}}}, true);
  CHECK_OK(applied);
  ck_assert_int_eq(applied->added, 3);
  CHECK_EQUAL(one.intervals(), "a busy 1-2, a busy 5-6, b oof 3-4");
  ck_assert_int_eq(one.changes(), 1);

  CHECK(one.claim().empty());
  one.make_due();
  const SyncJob job = one.claim_one();
  CHECK_EQUAL(job.sync->cursor, "next");
  CHECK(job.sync->last_synced_at && job.sync->full_read_at);
  CHECK_EQUAL(*job.sync->known_until, Instant(at(1000)));
  CHECK_OK(one.read(job, {{.key = "a", .body = "A", .intervals = {busy(1, 2), busy(7, 8)}}}));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, a busy 7-8, b oof 3-4");
  ck_assert_int_eq(one.changes(), 2);

  // Named, and nothing is left of it; and what a whole read doesn't name.
  one.make_due();
  CHECK_OK(one.read(one.claim_one(), {{.key = "b"}}));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, a busy 7-8");
  one.make_due();
  CHECK_OK(one.read(one.claim_one(), {{.key = "c", .intervals = {busy(9, 10)}}}, true));
  CHECK_EQUAL(one.intervals(), "c busy 9-10");
  ck_assert_int_eq(one.number("SELECT count(*) AS n FROM calendar_series"), 0);
  ck_assert_int_eq(one.changes(), 4);

  one.make_due();
  CHECK_OK(one.read(one.claim_one(), {{.key = "c", .intervals = {busy(9, 10)}}, {.key = "unknown"}}, true));
  ck_assert_int_eq(one.changes(), 4);
}

CALINT_TEST(a_read_that_ended_early_changes_nothing_and_leaves_nothing_to_the_next) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(1, 2)}}}, true));
  one.make_due();
  const SyncJob killed = one.claim_one("killed");
  const store::Reading its{killed.job, *killed.sync, 60s};
  CHECK_OK(begin_read(one.pool, its, soon()));
  CHECK_OK(add_items(one.pool, its, {{.series = "b", .event = "b", .text = "B"}}, soon()));
  CHECK_OK(add_series(one.pool, its, {{.key = "b", .intervals = {busy(3, 4)}}}, soon()));
  CHECK_EQUAL(one.intervals(), "a busy 1-2");

  one.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second', retry_at = NULL");
  const SyncJob next = one.claim_one("next");
  // Who lost the lease writes no more.
  CHECK_FAULT(add_items(one.pool, its, {{.series = "b", .event = "b", .text = "B"}}, soon()), Fault::conflict);
  CHECK_FAULT(apply_read(one.pool, its, *killed.integration, Installation::end(), soon()), Fault::conflict);
  CHECK_OK(one.read(next, {{.key = "c", .intervals = {busy(5, 6)}}}));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, c busy 5-6");
  ck_assert_int_eq(one.number("SELECT count(*) AS n FROM calendar_read_items"), 0);
}

CALINT_TEST(a_read_that_lost_its_lease_takes_nothing_from_the_one_after_it) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(1, 2)}}, {.key = "b", .owed = "B"}}, true));
  one.make_due();
  const SyncJob late = one.claim_one("late");
  const store::Reading its{late.job, *late.sync, 60s};
  one.run("UPDATE calendar_jobs SET lease_until = now() - interval '1 second', retry_at = NULL");
  const SyncJob next = one.claim_one("next");
  const store::Reading reading{next.job, *next.sync, 60s};
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_series(one.pool, reading, {{.key = "a", .intervals = {busy(1, 2)}}}, soon()));
  CHECK_FAULT(begin_read(one.pool, its, soon()), Fault::conflict);
  CHECK_FAULT(add_owed(one.pool, its, soon()), Fault::conflict);
  CHECK_FAULT(place_removals(one.pool, its, soon()), Fault::conflict);
  CHECK_FAULT(keep_known(one.pool, its, soon()), Fault::conflict);
  CHECK_OK(apply_read(one.pool, reading, *next.integration, Installation::end(true), soon()));
  CHECK_EQUAL(one.intervals(), "a busy 1-2");
}

// A crash of the server empties all that is unlogged.
CALINT_TEST(a_read_whose_pages_are_lost_ends_without_removing_anything) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(1, 2)}}, {.key = "b", .intervals = {busy(3, 4)}}},
                    true));
  one.make_due();
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  const auto crash = [&] {
    one.run("TRUNCATE calendar_read_items; TRUNCATE calendar_read_series; TRUNCATE calendar_read_intervals");
  };
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_series(one.pool, reading, {{.key = "a", .intervals = {busy(1, 2)}}}, soon()));
  crash();
  CHECK_FAULT(add_items(one.pool, reading, {{.series = "b", .event = "b", .text = "B"}}, soon()), Fault::conflict);
  CHECK_FAULT(add_names(one.pool, reading, {{"b", "B", "1"}}, soon()), Fault::conflict);
  CHECK_FAULT(add_series(one.pool, reading, {{.key = "b", .intervals = {busy(3, 4)}}}, soon()), Fault::conflict);
  CHECK_FAULT(add_owed(one.pool, reading, soon()), Fault::conflict);
  CHECK_FAULT(place_removals(one.pool, reading, soon()), Fault::conflict);
  CHECK_FAULT(keep_known(one.pool, reading, soon()), Fault::conflict);
  CHECK_FAULT(apply_read(one.pool, reading, *job.integration, Installation::end(true), soon()), Fault::conflict);
  CHECK_EQUAL(one.intervals(), "a busy 1-2, b busy 3-4");
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_series(one.pool, reading, {{.key = "b", .intervals = {busy(3, 4)}}}, soon()));
  CHECK_OK(apply_read(one.pool, reading, *job.integration, Installation::end(true), soon()));
  CHECK_EQUAL(one.intervals(), "b busy 3-4");
}

CALINT_TEST(items_come_back_by_series_with_what_is_stored_of_it) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "s", .body = "S", .event_keys = {"s1", "s2"}}}));
  one.make_due();
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_items(one.pool, reading, {{.series = "z", .event = "z1", .text = "first"},
                                         {.series = "a", .event = "a", .text = "alone \"\\\n"}}, soon()));
  CHECK_OK(add_items(one.pool, reading, {{.series = "z", .event = "z2", .text = "second"},
                                         {.series = "s2", .event = "s2", .text = "no s2", .is_removal = true},
                                         {.series = "z1", .event = "z1", .text = "no z1", .is_removal = true},
                                         {.series = "s", .event = "s", .text = "no s", .is_removal = true},
                                         {.series = "x", .event = "x", .text = "no x", .is_removal = true}}, soon()));
  CHECK_OK(place_removals(one.pool, reading, soon()));
  std::string all;
  for (std::string after;;) {
    auto groups = next_items(one.pool, reading, after, 2, soon());
    CHECK_OK(groups);
    if (groups->empty()) break;
    for (const ReadGroup& group : *groups) {
      all += fmt::format("{}({}):", group.series, group.stored.value_or(""));
      for (const std::string& item : group.items) all += fmt::format(" {};", item);
      all += "\n";
    }
    after = groups->back().series;
  }
  CHECK_EQUAL(all, "a(): alone \"\\\n;\ns(S): no s2; no s;\nx(): no x;\nz(): first; second; no z1;\n");
}

CALINT_TEST(a_disconnect_and_a_reconnect_win_over_a_read_that_began_before) {
  for (const char* meanwhile : {"UPDATE calendar_integrations SET generation = generation + 1",
                                "DELETE FROM calendar_integration_calendars",
                                "UPDATE calendar_integration_calendars SET sync = false; "
                                "UPDATE calendar_integration_calendars SET sync = true WHERE calendar_id = 'own'"}) {
    Installation one;
    one.tick({"own"});
    const SyncJob job = one.claim_one();
    one.run(meanwhile);
    auto applied = one.read(job, {{.key = "a", .body = "A", .intervals = {busy(1, 2)}}});
    CHECK(!applied.ok());
    CHECK_EQUAL(applied.error().fault, Fault::conflict);
    CHECK_EQUAL(one.intervals(), "");
  }
}

CALINT_TEST(a_look_that_finds_nothing_new_writes_no_change_and_what_became_due_meanwhile_comes_at_once) {
  Installation one;
  one.tick({"own"});
  const SyncJob job = one.claim_one();
  const PutOff put_off{job.job, {.in = 0s, .attempts = 1, .reason = "gone"}};
  CHECK_OK(note_sync_trouble(one.pool, *job.sync, "gone", put_off, soon()));
  auto list = list_syncs(one.pool, one.integration(), soon());
  CHECK_OK(list);
  CHECK_EQUAL(list->syncs.size(), 1);
  CHECK_EQUAL(list->syncs.front().trouble, "gone");
  CHECK(list->syncs.front().trouble_since && list->syncs.front().waits);

  const SyncJob again = one.claim_one();
  CHECK_EQUAL(again.sync->trouble, "gone");
  CHECK(again.sync->tried_at);
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK_OK(note_unchanged(one.pool, again.job, *again.sync, "cursor", SystemClock().now() + 10min, soon()));
  const SyncJob at_once = one.claim_one();
  CHECK(at_once.sync->trouble.empty() && at_once.sync->last_synced_at);
  CHECK_EQUAL(at_once.sync->cursor, "cursor");
  CHECK_OK(note_unchanged(one.pool, at_once.job, *at_once.sync, "cursor", SystemClock().now() + 10min, soon()));
  CHECK(one.claim().empty());
  ck_assert_int_eq(one.changes(), 0);

  // Asked for: now; unless a provider asked to wait.
  one.run("UPDATE calendar_jobs SET last_error = 'told_to_wait'");
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK(one.claim().empty());
  one.run("UPDATE calendar_jobs SET last_error = 'rate_limited'");
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  const SyncJob asked = one.claim_one();
  CHECK_OK(give_up_sync(one.pool, asked.job, *asked.sync, soon()));
  one.make_due();
  CHECK(one.claim().empty());
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK_EQUAL(one.claim_one().sync->trouble, "given_up");
}

CALINT_TEST(what_is_asked_for_while_a_read_runs_is_kept_though_the_time_before_was_to_be_waited_for) {
  Installation one;
  one.tick({"own"});
  SyncJob job = one.claim_one();
  const auto told_to_wait = [&](std::chrono::seconds in) {
    const PutOff put_off{job.job, {.in = in, .attempts = 1, .reason = kToldToWait}};
    CHECK_OK(note_sync_trouble(one.pool, *job.sync, "rate_limited", put_off, soon()));
  };
  const auto is_told = [&] { return list_syncs(one.pool, one.integration(), soon())->syncs.front().is_told_to_wait; };
  told_to_wait(60s);
  CHECK(is_told());
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK(one.claim().empty());
  one.run("UPDATE calendar_jobs SET due_at = now() - interval '1 second'");
  CHECK(!is_told());
  job = one.claim_one();
  // By Sync Now.
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK_OK(note_unchanged(one.pool, job.job, *job.sync, "cursor", SystemClock().now() + 10min, soon()));
  ck_assert_uint_eq(one.claim().size(), 1);
}

CALINT_TEST(a_look_that_was_asked_for_and_put_off_is_still_waited_for) {
  Installation one;
  one.tick({"own"});
  const auto waits = [&] {
    auto list = list_syncs(one.pool, one.integration(), soon());
    CHECK_OK(list);
    return list->syncs.front().waits;
  };
  const auto put_off = [&](const SyncJob& job) {
    CHECK_OK(put_off_job(one.pool, job.job, {.in = 60s, .reason = "no_quota"}, soon()));
  };
  CHECK_OK(one.read(one.claim_one(), {}));
  CHECK(!waits());
  one.make_due();
  put_off(one.claim_one());
  CHECK(!waits());
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  CHECK(waits());
  put_off(one.claim_one());
  CHECK(waits());
  one.make_due();
  SyncJob job = one.claim_one();
  CHECK_OK(note_sync_trouble(one.pool, *job.sync, "gone", {job.job, {.in = 60s}}, soon()));
  CHECK(!waits());
  CHECK_OK(hasten_syncs(one.pool, one.integration(), soon()));
  job = one.claim_one();
  CHECK_OK(give_up_sync(one.pool, job.job, *job.sync, soon()));
  CHECK(!waits());
}

CALINT_TEST(what_is_named_is_fetched_unless_it_is_known_in_that_version) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(1, 2)}, .version = "1"},
                                      {.key = "b", .intervals = {busy(3, 4)}, .version = "1"},
                                      {.key = "c", .body = "C", .intervals = {busy(5, 6)}, .version = "1"},
                                      {.key = "d", .version = "1"},
                                      {.key = "e", .intervals = {busy(7, 8)}, .version = "1"}}, true));
  one.make_due();
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  const auto wanted = [&](bool known_stay) {
    std::string all;
    for (std::string after;;) {
      auto some = next_named(one.pool, reading, after, 2, known_stay, soon());
      CHECK_OK(some);
      if (some->empty()) return all;
      for (const ReadName& name : *some) all += fmt::format("{} {} {};", name.series, name.text, name.version);
      after = some->back().series;
    }
  };
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_names(one.pool, reading, {{"b", "first", "0"}, {"a", "A", "1"}, {"c", "C"}, {"d", "D", "1"}}, soon()));
  CHECK_OK(add_names(one.pool, reading, {{"b", "second", "2"}, {"new", "N", "1"}}, soon()));
  CHECK_EQUAL(wanted(true), "b second 2;c C ;new N 1;");
  CHECK_EQUAL(wanted(false), "a A 1;b second 2;c C ;d D 1;new N 1;");
  // The read says that it went, and that it is there again.
  CHECK_OK(add_items(one.pool, reading, {{.series = "a", .event = "a", .text = "gone"}}, soon()));
  CHECK_EQUAL(wanted(true), "a A 1;b second 2;c C ;new N 1;");

  CHECK_OK(add_series(one.pool, reading, {{.key = "b", .intervals = {busy(9, 10)}, .version = "2"},
                                          {.key = "c", .owed = "C"}, {.key = "new", .owed = "N"}}, soon()));
  CHECK_OK(keep_known(one.pool, reading, soon()));
  CHECK_OK(apply_read(one.pool, reading, *job.integration, one.end(true), soon()));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, b busy 9-10, c busy 5-6");
  CHECK_EQUAL(one.said("SELECT string_agg(concat_ws(' ', series_key, version, body, 'owed ' || owed), ', '"
                       " ORDER BY series_key) AS said FROM calendar_series"),
              "a 1, b 2, c 1 C owed C, d 1, new owed N");
}

CALINT_TEST(what_is_owed_is_named_by_the_next_read_and_is_the_calendars_trouble_until_then) {
  Installation one;
  one.tick({"own"});
  SyncJob job = one.claim_one();
  CHECK(!job.sync->owes);
  CHECK_OK(one.read(job, {{.key = "a", .intervals = {busy(1, 2)}, .version = "1"}, {.key = "b", .owed = "B"}}));
  const auto trouble = [&] { return one.said("SELECT coalesce(trouble, 'none') AS said FROM calendar_syncs"); };
  CHECK_EQUAL(trouble(), "incomplete");
  one.make_due();
  job = one.claim_one();
  // Of what is owed nothing is known as of now.
  CHECK(job.sync->owes && !job.sync->last_synced_at && job.sync->tried_at);
  const store::Reading reading{job.job, *job.sync, 60s};
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_owed(one.pool, reading, soon()));
  const auto named = next_named(one.pool, reading, "", 10, true, soon());
  CHECK_OK(named);
  CHECK(named->size() == 1 && named->front().series == "b" && named->front().text == "B");
  CHECK_OK(add_series(one.pool, reading, {{.key = "b", .intervals = {busy(3, 4)}, .version = "1"}}, soon()));
  CHECK_OK(apply_read(one.pool, reading, *job.integration, one.end(), soon()));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, b busy 3-4");
  CHECK_EQUAL(trouble(), "none");
  one.make_due();
  job = one.claim_one();
  CHECK(!job.sync->owes && !job.sync->asked_at && job.sync->last_synced_at);
  CHECK_OK(one.read(job, {{.key = "b"}}));
  CHECK_OK(hasten_syncs(one.pool, *job.integration, soon()));
  CHECK(one.claim_one().sync->asked_at > job.sync->full_read_at);
}

CALINT_TEST(what_cannot_be_understood_stays_as_it_was_until_it_has_another_version) {
  Installation one;
  one.tick({"own"});
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(1, 2)}, .version = "1"},
                                      {.key = "b", .body = "B", .intervals = {busy(3, 4)}, .version = "1"}}, true));
  const auto trouble = [&] { return one.said("SELECT coalesce(trouble, 'none') AS said FROM calendar_syncs"); };
  const auto stored = [&] {
    return one.said("SELECT string_agg(concat_ws(' ', series_key, version, body), ', ' ORDER BY series_key) AS said"
                    " FROM calendar_series");
  };
  const std::vector<ReadSeries> unread = {{.key = "a", .version = "2", .owed = kUnread},
                                          {.key = "b", .version = "2", .owed = kUnread},
                                          {.key = "new", .version = "1", .owed = kUnread}};
  for (const bool is_full : {false, true}) {
    one.make_due();
    CHECK_OK(one.read(one.claim_one(), unread, is_full));
    CHECK_EQUAL(one.intervals(), "a busy 1-2, b busy 3-4");
    CHECK_EQUAL(stored(), "a 2, b 2 B, new 1");
    CHECK_EQUAL(trouble(), "incomplete");
  }
  const auto since = one.said("SELECT trouble_since::text AS said FROM calendar_syncs");

  // Nothing asks for it by itself, and it is the calendar's trouble as long as it is there.
  one.make_due();
  SyncJob job = one.claim_one();
  CHECK(!job.sync->owes && job.sync->last_synced_at && !job.sync->tried_at);
  CHECK_OK(note_unchanged(one.pool, job.job, *job.sync, "cursor", SystemClock().now() + 10min, soon()));
  CHECK_EQUAL(trouble(), "incomplete");
  CHECK_EQUAL(one.said("SELECT trouble_since::text AS said FROM calendar_syncs"), since);
  one.make_due();
  job = one.claim_one();
  CHECK_EQUAL(job.sync->cursor, "cursor");
  const store::Reading reading{job.job, *job.sync, 60s};
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_owed(one.pool, reading, soon()));
  CHECK_OK(add_names(one.pool, reading, {{"a", "A", "2"}, {"b", "B", "3"}, {"new", "N", "1"}}, soon()));
  const auto named = next_named(one.pool, reading, "", 10, true, soon());
  CHECK_OK(named);
  CHECK(named->size() == 1 && named->front().series == "b");
  CHECK_OK(add_series(one.pool, reading, {{.key = "b", .intervals = {busy(5, 6)}, .version = "3"}}, soon()));
  CHECK_OK(keep_known(one.pool, reading, soon()));
  CHECK_OK(apply_read(one.pool, reading, *job.integration, one.end(true), soon()));
  CHECK_EQUAL(one.intervals(), "a busy 1-2, b busy 5-6");
  CHECK_EQUAL(stored(), "a 2, b 3, new 1");
  CHECK_EQUAL(trouble(), "incomplete");
  one.make_due();
  CHECK_OK(one.read(one.claim_one(), {{.key = "a", .intervals = {busy(7, 8)}, .version = "3"}, {.key = "new"}}));
  CHECK_EQUAL(one.intervals(), "a busy 7-8, b busy 5-6");
  CHECK_EQUAL(trouble(), "none");
}

CALINT_TEST(an_expansion_keeps_versions_and_what_is_owed) {
  Installation one;
  one.tick({"own"});
  const std::vector<ReadSeries> all = {{.key = "a", .body = "A", .intervals = {busy(1, 2)}, .version = "1"},
                                       {.key = "b", .body = "B", .intervals = {busy(3, 4)}, .version = "1"},
                                       {.key = "c", .body = "C", .intervals = {busy(5, 6)}, .version = "1"}};
  CHECK_OK(one.read(one.claim_one(), all, true));
  one.make_due();
  CHECK_OK(one.read(one.claim_one(), {{.key = "b", .owed = "B's"}, {.key = "c", .version = "2", .owed = kUnread}}));
  const auto stored = [&] {
    return one.said("SELECT string_agg(concat_ws(' ', series_key, version, body, 'owed ' || owed), ', '"
                    " ORDER BY series_key) AS said FROM calendar_series");
  };
  CHECK_EQUAL(stored(), "a 1 A, b 1 B owed B's, c 2 C owed ");
  one.make_due();
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  auto some = next_series(one.pool, reading, "", 10, soon());
  CHECK_OK(some);
  std::vector<ReadSeries> expanded;
  for (const StoredSeries& series : *some)
    expanded.push_back({.key = series.key, .body = series.body, .intervals = {busy(7, 8)}, .version = series.version,
                        .owed = series.owed});
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_series(one.pool, reading, expanded, soon()));
  ReadEnd end = one.end();
  end.is_read = false;
  CHECK_OK(apply_read(one.pool, reading, *job.integration, end, soon()));
  CHECK_EQUAL(one.intervals(), "a busy 7-8, b busy 7-8, c busy 7-8");
  CHECK_EQUAL(stored(), "a 1 A, b 1 B owed B's, c 2 C owed ");
}

CALINT_TEST(a_large_calendar_is_stored_and_compared_in_seconds) {
  Installation one;
  one.tick({"own"});
  std::vector<ReadSeries> all;
  for (int i = 0; i < 20'000; ++i)
    all.push_back({.key = fmt::format("{:05}", i), .intervals = {busy(i % 900, i % 900 + 1)}, .version = "1"});
  CHECK_OK(one.read(one.claim_one(), all, true));
  one.make_due();
  all.front().intervals = {busy(0, 2)};
  auto applied = one.read(one.claim_one(), all, true);
  CHECK_OK(applied);
  CHECK(applied->added == 1 && applied->removed == 1);

  one.make_due();
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  std::vector<ReadName> names;
  for (const ReadSeries& series : all) names.push_back({series.key, series.key, "1"});
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_names(one.pool, reading, names, soon()));
  const auto wanted = next_named(one.pool, reading, "", 100, true, soon());
  CHECK_OK(wanted);
  CHECK(wanted->empty());
  CHECK_OK(keep_known(one.pool, reading, soon()));
  applied = apply_read(one.pool, reading, *job.integration, one.end(true), soon());
  CHECK_OK(applied);
  CHECK(applied->added == 0 && applied->removed == 0);
  ck_assert_int_eq(one.number("SELECT count(*) AS n FROM calendar_busy_intervals"), 20'000);
}

CALINT_TEST(what_a_large_answer_names_comes_back_in_batches_that_cost_alike) {
  Installation one;
  one.tick({"own"});
  const SyncJob job = one.claim_one();
  const store::Reading reading{job.job, *job.sync, 60s};
  std::vector<ReadItem> items;
  std::vector<ReadName> names;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = fmt::format("{:05}", i);
    items.push_back({.series = key, .event = key, .text = key});
    names.push_back({"n" + key, key, "1"});
  }
  CHECK_OK(begin_read(one.pool, reading, soon()));
  CHECK_OK(add_items(one.pool, reading, items, soon()));
  CHECK_OK(add_names(one.pool, reading, names, soon()));
  // Each takes some milliseconds: were they to look at all that is left, it would be a minute.
  const Deadline all = Deadline::in(20s);
  size_t series = 0, named = 0;
  for (std::string after;;) {
    auto some = next_items(one.pool, reading, after, 100, all);
    CHECK_OK(some);
    if (some->empty()) break;
    series += some->size();
    after = some->back().series;
  }
  for (std::string after;;) {
    auto some = next_named(one.pool, reading, after, 100, true, all);
    CHECK_OK(some);
    if (some->empty()) break;
    named += some->size();
    after = some->back().series;
  }
  CHECK_EQUAL(series, items.size());
  CHECK_EQUAL(named, names.size());
}
