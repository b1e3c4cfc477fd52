#include "background_work.h"

#include <fmt/format.h>

#include "support/check.h"
#include "support/postgres.h"

namespace calint::test {

using namespace store;
using namespace std::chrono_literals;

void BackgroundWork::connect(const std::string& organization, int count, int seconds, const std::string& kind,
             const std::string& provider) {
  run(fmt::format(
      "WITH added AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account_key,"
      " seal_id, status) SELECT '{0}', '{3} {4} ' || n, '{3}', 'key', 's', 'connected'"
      " FROM generate_series(1, {2}) n RETURNING *)"
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider, due_at)"
      " SELECT organization_id, '{4}', id, user_id, provider, now() - make_interval(secs => {1}) FROM added",
      organization, seconds, count, provider, kind));
}

void BackgroundWork::revoke(const std::string& organization, int count, const std::string& provider) {
  run(fmt::format(
      "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider,"
      " token_encrypted, grant_organization_id, account_key, grant_generation)"
      " SELECT '{0}', 'revoke', n, '{2}' || n, '{2}', 'sealed', '', 'key', 1 FROM generate_series(1, {1}) n",
      organization, count, provider));
}

Claim claim_of(int most, std::string_view kind, std::string_view lane,
               const std::string& owner) {
  return {
      .kind = kind, .lane = lane, .backoff = {.first = 30s, .most = 15min}, .lease = 45s, .owner = owner, .most = most};
}

std::vector<IntegrationJob> claimed(postgres::Pool& pool, const Claim& claim) {
  RoundRobin round;
  auto some = claim_jobs(pool, claim, round, soon());
  CHECK_OK(some);
  return std::move(some->jobs);
}

const std::vector<std::string> kKinds = {"refresh", "validate", "revoke"};

Due due_of(postgres::Pool& pool) {
  auto due = what_is_due(pool, kKinds, {"google"}, {}, soon());
  CHECK_OK(due);
  return *due;
}

int64_t wait(Installation& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs");
}

}  // namespace calint::test
