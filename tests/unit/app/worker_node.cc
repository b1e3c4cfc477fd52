#include "worker_node.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/json.h"
#include "store/integrations.h"
#include "store/users.h"
#include "support/scripted_transport.h"
#include "vault/vault.h"

namespace calint::test {
namespace {

using namespace std::chrono_literals;

constexpr const char* kClient = "INSERT INTO calendar_oauth_clients (provider, client_id) VALUES ('google', 'client')";

}  // namespace

Result<HttpResponse> Provider::send(const HttpRequest& request, Deadline deadline) {
  return answer_(request, deadline);
}

void Log::write(LogLevel level, std::string_view tag, std::string_view text) {
  const std::lock_guard lock(mutex_);
  lines_.push_back({level, tag, std::string(text)});
}

template <typename Is>
int Log::count_if(Is is) const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), is));
}

int Log::count(std::string_view tag) const {
  return count_if([&](const Line& line) { return line.tag == tag; });
}

int Log::loud(std::string_view tag) const {
  return count_if([&](const Line& line) { return line.tag == tag && line.level != LogLevel::debug; });
}

int Log::said(std::string_view text) const {
  return count_if([&](const Line& line) { return line.text.find(text) != std::string::npos; });
}

InstallationWithProvider::InstallationWithProvider()
    : Installation(kClient),
      on_refresh([] { return json_answer(200, R"({"access_token":"new","expires_in":3599,"token_type":"Bearer"})"); }),
      on_list([] {
        return json_answer(200, R"({"items":[{"id":"avery@example.com","summary":"Avery","accessRole":"owner",)"
                                R"("primary":true,"timeZone":"UTC"}]})");
      }),
      keyset_(*crypto::Keyset::generate(SystemClock().now())) {}

int64_t InstallationWithProvider::connect(const std::string& user_id) {
  const Instant expires_at = SystemClock().now() + 5min;
  auto sealed = vault::seal_tokens(keyset_, {"1", user_id, ProviderId::google, 1},
                                   {.access_token = Secret(std::string_view("old")),
                                    .refresh_token = Secret(std::string_view("refresh")),
                                    .expires_at = expires_at});
  CHECK_OK(sealed);
  run(fmt::format("INSERT INTO users (id, email, name, is_interviewer) VALUES ({0}, '{0}', 'User', true)", user_id));
  auto rows =
      pool.query({"WITH added AS (INSERT INTO calendar_integrations (organization_id, user_id, provider, account,"
                  " account_key, oauth_client_id, access_token_encrypted, refresh_token_encrypted,"
                  " token_expires_at, seal_id, status, connected_at) SELECT '1', $1, 'google', 'a', 'key-' || $1,"
                  " id, $2, $3, $4, $5, 'connected', now() FROM calendar_oauth_clients RETURNING id)"
                  " INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                  " SELECT '1', 'refresh', id, $1, 'google' FROM added RETURNING integration_id AS id",
                  {user_id, postgres::Param::bytea(sealed->access_token), postgres::Param::bytea(sealed->refresh_token),
                   expires_at, sealed->seal_id}},
                 soon());
  CHECK_OK(rows);
  return rows->integer(0, "id");
}

store::Integration InstallationWithProvider::integration(int64_t id) {
  auto found = store::find_integration(pool, "1", id, soon());
  CHECK_OK(found);
  CHECK(found->has_value());
  return **found;
}

Result<HttpResponse> InstallationWithProvider::answer(const HttpRequest& request, Deadline deadline) {
  on_call();
  if (request.url.ends_with("/token")) {
    ++refreshes;
    return on_refresh();
  }
  if (request.url.find("/revoke") != std::string::npos) {
    ++revocations;
    revoked_within = deadline.remaining();
    return json_answer(200, "{}");
  }
  if (request.method == "POST" && request.url.find("/events?") != std::string::npos) {
    ++writes;
    const Json wanted = parse_json_object(request.body.reveal());
    const std::string id(string_member(wanted.get(), "id").value_or(""));
    return json_answer(200, R"({"id":")" + id + R"(","etag":"\"1\"","status":"confirmed","organizer":{"self":true},)"
                                R"("start":{"dateTime":"2030-01-07T09:00:00Z"},"end":{"dateTime":"2030-01-07T10:00:00Z"},)"
                                R"("extendedProperties":{"private":{"calintInterview":")" + id + R"("}}})");
  }
  if (request.url.find("/events?") != std::string::npos) {
    ++reads;
    return json_answer(200, R"({"timeZone":"UTC","items":[],"nextSyncToken":"next"})");
  }
  ++lists;
  return on_list();
}

std::string client_lane(InstallationWithProvider& installation) {
  return fmt::format("google/{}", installation.number("SELECT id AS n FROM calendar_oauth_clients"));
}

Node::Node(InstallationWithProvider& installation, unsigned concurrency, const std::string& conninfo,
           const std::string& client_id)
    : memory_(NodeSlots::memory_size(1)), slots_(memory_.data(), 1) {
  CHECK(slots_.join(getpid()));
  Runtime::Parts parts{
      .settings = {.database = conninfo.empty() ? installation.conninfo : conninfo,
                   .database_pool = conninfo.empty() ? 8U : 1U,
                   .total_timeout = installation.provider_timeout,
                   .provider_concurrency = concurrency},
      .keyset = installation.keyset(),
      .node_id = "node",
      .provider_slots = slots_,
      .transport = std::make_unique<Provider>([&](const HttpRequest& request, Deadline deadline) {
        return installation.answer(request, deadline);
      }),
  };
  ProviderSettings google;
  google.client_id = client_id;
  google.client_secret = Secret(std::string_view("secret"));
  parts.settings.providers[ProviderId::google] = google;
  auto made = Runtime::make(std::move(parts));
  CHECK_OK(made);
  runtime_ = std::move(*made);
}

std::chrono::milliseconds Node::run(unsigned threads) {
  return jobs::Worker(*runtime_, log, [this] { return stopping.load(); },
                      {.kinds = app::kinds(), .chores = app::chores(), .threads = threads})
      .run();
}

HttpResponse down(std::string_view retry_after) {
  HttpResponse answer = json_answer(503, "{}");
  if (!retry_after.empty()) answer.headers.emplace_back("retry-after", retry_after);
  return answer;
}

HttpResponse refused(std::string_view error) {
  return json_answer(400, R"({"error":")" + std::string(error) + R"("})");
}

int64_t unvalidated(InstallationWithProvider& installation, const std::string& user) {
  const int64_t id = installation.connect(user);
  installation.run(
      fmt::format("UPDATE calendar_integrations SET status = 'error', last_error = 'not_validated',"
                  " error_since = now(), token_expires_at = now() + interval '1 hour' WHERE id = {0};"
                  "UPDATE calendar_jobs SET due_at = now() + interval '55 minutes' WHERE integration_id = {0};"
                  "INSERT INTO calendar_jobs (organization_id, kind, integration_id, user_id, provider)"
                  " SELECT '1', 'validate', id, user_id, provider FROM calendar_integrations WHERE id = {0}",
                  id));
  return id;
}

void make_due(InstallationWithProvider& installation) {
  installation.run("UPDATE calendar_jobs SET due_at = now(), lease_until = NULL");
}

int64_t queued(InstallationWithProvider& installation) {
  return installation.number("SELECT count(*) AS n FROM calendar_jobs WHERE kind IN ('validate', 'revoke')");
}

int64_t job_wait(InstallationWithProvider& installation) {
  return installation.number("SELECT extract(epoch FROM due_at - now())::bigint AS n FROM calendar_jobs"
                             " WHERE kind IN ('validate', 'revoke')");
}

}  // namespace calint::test
