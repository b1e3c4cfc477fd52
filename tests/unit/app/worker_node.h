// A node's background work over a real database, with a provider that answers as a test says.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/background.h"
#include "jobs/worker.h"
#include "support/check.h"
#include "support/installation.h"

namespace calint::test {

// Safe from any thread.
class Provider final : public Transport {
 public:
  using Answer = std::function<Result<HttpResponse>(const HttpRequest&, Deadline)>;
  explicit Provider(Answer answer) : answer_(std::move(answer)) {}
  Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) override;

 private:
  const Answer answer_;
};

class Log final : public LogSink {
 public:
  void write(LogLevel level, std::string_view tag, std::string_view text) override;
  // How many lines had this tag.
  int count(std::string_view tag) const;
  // The same without those of level debug.
  int loud(std::string_view tag) const;
  // How many lines say this.
  int said(std::string_view text) const;

 private:
  template <typename Is>
  int count_if(Is is) const;

  mutable std::mutex mutex_;
  std::vector<Line> lines_;
};

// The database, and what its nodes share.
class InstallationWithProvider final : public Installation {
 public:
  InstallationWithProvider();

  // A user of organisation 1 who is connected to Google, whose refresh is due. Returns the integration's id.
  int64_t connect(const std::string& user_id);
  store::Integration integration(int64_t id);
  const crypto::Keyset& keyset() const { return keyset_; }

  // What the provider does.
  std::atomic<int> refreshes{0}, lists{0}, revocations{0};
  std::atomic<int> reads{0}, writes{0};               // of events
  std::function<HttpResponse()> on_refresh, on_list;  // set before the node works
  std::function<void()> on_call = [] {};              // likewise; before each answer
  Result<HttpResponse> answer(const HttpRequest& request, Deadline deadline);

  std::chrono::seconds provider_timeout{5};                // CalIntProviderTimeout's total; set before a node is made
  std::atomic<std::chrono::milliseconds> revoked_within{};  // that the last revocation was allowed to take

 private:
  const crypto::Keyset keyset_;
};

// Of what needs the server's OAuth client.
std::string client_lane(InstallationWithProvider& installation);

class Node {
 public:
  // `conninfo`: where its way to the database, of one connection, isn't the installation's. `client_id`: of its own
  // OAuth client, where that isn't the one that people connected through.
  explicit Node(InstallationWithProvider& installation, unsigned concurrency = 64, const std::string& conninfo = {},
                const std::string& client_id = "client");

  Runtime& runtime() { return *runtime_; }
  std::chrono::milliseconds run(unsigned threads = 8);

  Log log;
  std::atomic<bool> stopping{false};

 private:
  std::vector<std::byte> memory_;
  NodeSlots slots_;
  std::unique_ptr<Runtime> runtime_;
};

// What a provider says: it is down, or why it refuses.
HttpResponse down(std::string_view retry_after = "");
HttpResponse refused(std::string_view error);

// A connection that was never validated: `error`, with its validation due, and fresh tokens.
int64_t unvalidated(InstallationWithProvider& installation, const std::string& user = "1");
void make_due(InstallationWithProvider& installation);
// Apart from what a ticked calendar has to be read for.
int64_t queued(InstallationWithProvider& installation);
// How many seconds ahead the only validation or revocation is.
int64_t job_wait(InstallationWithProvider& installation);

}  // namespace calint::test
