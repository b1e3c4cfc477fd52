#include "app/worker.h"

#include <fmt/format.h>

#include "app/revoke.h"
#include "crypto/random.h"

namespace calint::app {
namespace {

// Time for the database around the provider's call.
constexpr std::chrono::seconds kDatabaseTime{3};

}  // namespace

Worker::Worker(Runtime& runtime, LogSink& log, std::function<bool()> stopping, Options options)
    : runtime_(runtime), log_(log), stopping_(std::move(stopping)), options_(options) {}

std::chrono::milliseconds Worker::run() {
  const RevocationTools tools{.pool = runtime_.pool(),
                              .keyset = runtime_.keyset(),
                              .log = log_,
                              .clock = runtime_.clock(),
                              .provider = [this](ProviderId id) { return runtime_.oauth_provider(id); },
                              .owner = fmt::format("{}/{}", runtime_.node_id(), crypto::random_token(12))};
  for (bool more = true; more && !stopping_();) {
    auto count = run_revocations(tools, {}, 1, Deadline::in(runtime_.settings().total_timeout + kDatabaseTime));
    if (!count && !complained_)
      log_.write(LogLevel::warning, "CALINT0205", fmt::format("background work waits: {}", count.error().what));
    complained_ = !count.ok();
    more = count.ok() && count->revoked + count->abandoned + count->postponed > 0;
  }
  return std::chrono::milliseconds(static_cast<int64_t>(1000 + 1000 * crypto::random_unit()));
}

}  // namespace calint::app
