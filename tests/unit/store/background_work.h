// Background work in a database, and how tests claim it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/due.h"
#include "store/jobs.h"
#include "support/installation.h"

namespace calint::test {

struct BackgroundWork : Installation {
  // `count` connected users of an organisation, with a job each that has been due for `seconds`.
  void connect(const std::string& organization, int count, int seconds, const std::string& kind = "refresh",
               const std::string& provider = "google");

  // A revocation each for `count` users of an organisation, due now.
  void revoke(const std::string& organization, int count, const std::string& provider = "google");
};

store::Claim claim_of(int most, std::string_view kind = "refresh", std::string_view lane = "google",
                      const std::string& owner = "node");

std::vector<store::IntegrationJob> claimed(postgres::Pool& pool, const store::Claim& claim);

extern const std::vector<std::string> kKinds;

store::Due due_of(postgres::Pool& pool);

// When the only job comes again.
int64_t wait(Installation& installation);

}  // namespace calint::test
