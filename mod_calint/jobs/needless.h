// A job that has nothing to do any more, as of an integration that is gone.
#pragma once

#include <fmt/format.h>

#include "jobs/kind.h"

namespace calint::jobs {

class Needless final : public Job {
 public:
  // `what`: a literal.
  Needless(store::ClaimedJob claimed, std::string_view what) : Job(std::move(claimed), {}), what_(what) {}

  std::string name() const override { return fmt::format("{} of integration {}", what_, claimed().integration_id); }

  Result<Outcome> work(const Context& context) override {
    auto dropped = drop(context);
    if (!dropped) return std::move(dropped).error();
    return Outcome{"dropped"};
  }

  Status give_up(const Context& context, const std::string&) override { return drop(context); }

 private:
  Status drop(const Context& context) const {
    return store::drop_job(context.runtime.pool(), claimed(), context.for_storing());
  }

  const std::string_view what_;
};

}  // namespace calint::jobs
