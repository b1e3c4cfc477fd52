// Background work costs little however much there is: every claim has an index.
#include <fmt/format.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "store/due.h"
#include "store/housekeeping.h"
#include "store/jobs.h"
#include "store/refreshes.h"
#include "store/revocations.h"
#include "store/validations.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;
using namespace std::chrono_literals;

namespace {

const std::vector<std::string> kKinds = {"refresh", "validate", "revoke"};

constexpr const char* kCrowd =
    "INSERT INTO calendar_integrations (organization_id, user_id, provider, account, account_key, seal_id, status,"
    " active, disconnected_at)"
    " SELECT (n % 200)::text, n::text, CASE WHEN n % 3 = 0 THEN 'google' ELSE 'outlook' END,"
    " 'a', 'k' || n, 's',"
    " CASE WHEN n % 10 = 0 THEN 'inactive' ELSE 'connected' END,"
    " n % 10 <> 0, CASE WHEN n % 10 = 0 THEN now() END FROM generate_series(1, 100000) n;"
    "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
    " SELECT organization_id, 'refresh', id, user_id, provider, now() + make_interval(secs => user_id::bigint / 20 - "
    "100)"
    " FROM calendar_integrations WHERE active;"
    "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, token_encrypted,"
    " grant_organization_id, account_key, grant_generation, due_at, deadline_at)"
    " SELECT (n % 200)::text, CASE WHEN n % 2 = 0 THEN 'validate' ELSE 'revoke' END, n, n::text,"
    " CASE WHEN n % 3 = 0 THEN 'google' ELSE 'outlook' END, 's', '',"
    " 'k' || n, 1, now() + make_interval(secs => n / 10 - 100), now() + interval '7 days'"
    " FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_grants (account_key) SELECT 'k' || n FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_changes (organization_id, user_id, change, announced)"
    " SELECT (n % 200)::text, n::text, 'connected', n < 39990 FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_used_states (organization_id, flow_id, claim, user_id, expires_at)"
    " SELECT '1', n::text, '', '1', now() + interval '1 hour' FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_password_tries (organization_id, subject, tries, expires_at)"
    " SELECT '1', n::text, '{}', now() + interval '1 hour' FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_holds (organization_id, id, ref, user_ids, starts_at, ends_at, expires_at)"
    " SELECT '1', n::text, n::text, '{1}', now(), now() + interval '1 hour', now() + interval '1 hour'"
    " FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_events (organization_id, id, interview_ref, user_id, integration_id, provider, calendar_id,"
    " status, body, digest, guests, starts_at, ends_at, unsent, provider_event_id)"
    " SELECT (n % 200)::text, n::text, n::text, n::text, n, 'google', 'c', 'confirmed', '{}', '', '[]', now(),"
    " now() + interval '1 hour', '{}', n::text FROM generate_series(1, 40000) n;"
    "INSERT INTO calendar_event_people (organization_id, user_id, event_id, starts_at, ends_at)"
    " SELECT organization_id, user_id, id, starts_at, ends_at FROM calendar_events;";

// What PostgreSQL's log says from now on.
class Log {
 public:
  Log() : begin_(text(0).size()) {}
  std::string since() const { return text(begin_); }

 private:
  static std::string text(size_t from) {
    std::ifstream file(test::cluster().folder() + "/postgres.log");
    file.seekg(static_cast<std::streamoff>(from));
    std::stringstream read;
    read << file.rdbuf();
    return read.str();
  }
  size_t begin_;
};

}  // namespace

CALINT_TEST(no_claim_looks_through_a_table) {
  const test::Installation installation(kCrowd);
  installation.run("ANALYZE");
  for (const char* setting : {"session_preload_libraries = auto_explain", "auto_explain.log_min_duration = 0"})
    installation.run(fmt::format("ALTER DATABASE \"{}\" SET {}", installation.database, setting));
  postgres::Pool pool({.conninfo = installation.conninfo, .max = 1});
  const Log log;
  CHECK(what_is_due(pool, kKinds, {"google", "outlook", "apple"}, {}, soon())->has("refresh", "google"));
  CHECK_EQUAL(lanes_with_work(pool, kKinds, soon())->size(), 2);
  RoundRobin round;
  const Claim claim{.kind = "refresh",
                    .lane = "google",
                    .backoff = {.first = 30s, .most = 900s},
                    .lease = 45s,
                    .owner = "n",
                    .most = 8};
  CHECK_EQUAL(claim_jobs(pool, claim, round, soon())->jobs.size(), 8);
  Claim revocations = claim;
  revocations.kind = "revoke";
  auto revoking = claim_revocations(pool, revocations, round, soon());
  CHECK_EQUAL(revoking->jobs.size(), 8);
  const IntegrationJob job = claim_jobs(pool, claim, round, soon())->jobs.at(0);
  CHECK_OK(put_off_job(pool, job.job, {}, soon()));
  CHECK(*lease_refresh(pool, *job.integration, "page", soon()));
  CHECK_OK(store_refreshed(pool, *job.integration, {.access_token = "a", .seal_id = "t"}, SystemClock().now(), soon()));
  CHECK_OK(hasten_validation(pool, *job.integration, soon()));
  CHECK_OK(end_revocation(pool, revoking->jobs.at(0), RevocationEnd::revoked, soon()));
  CHECK_OK(find_left_behind(pool, "1", "1", soon()));
  CHECK_OK(announce_changes(pool, soon()));
  CHECK_OK(retain(pool, soon()));
  const std::string plans = log.since();

  const std::regex sequential("Seq Scan on (calendar_\\w+)");
  std::set<std::string> scanned;
  for (std::sregex_iterator one(plans.begin(), plans.end(), sequential), end; one != end; ++one)
    scanned.insert((*one)[1]);
  // A handful of rows.
  for (const char* small : {"calendar_breakers", "calendar_chores", "calendar_oauth_clients"}) scanned.erase(small);
  ck_assert_msg(!std::regex_search(plans, std::regex(" Filter: [^\n]*(provider|lane) = ['$]")),
                "rows of others are read");
  std::string names;
  for (const std::string& name : scanned) names += name + " ";
  ck_assert_msg(scanned.empty(), "looked through as a whole: %s", names.c_str());
  for (const char* index : {"calendar_jobs_due ", "calendar_jobs_due_by_organization", "calendar_jobs_one_live",
                            "calendar_jobs_user", "calendar_changes_new", "calendar_integrations_to_forget",
                            "calendar_jobs_deadline"})
    ck_assert_msg(plans.find(index) != std::string::npos, "%s isn't used", index);
}
