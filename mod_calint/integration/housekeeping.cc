#include "integration/housekeeping.h"

#include <fmt/format.h>

#include "store/housekeeping.h"
#include "store/nodes.h"
#include "store/validations.h"

namespace calint::integration {
namespace {

// Of one statement or batch.
Deadline soon() { return Deadline::in(std::chrono::seconds(5)); }

Result<int64_t> retain(const jobs::Context& context) {
  int64_t all = 0;
  for (int64_t rows = 1; rows > 0 && !context.stopping();) {
    auto dropped = store::retain(context.runtime.pool(), soon());
    if (!dropped) return std::move(dropped).error();
    rows = *dropped;
    all += rows;
  }
  if (all > 0)
    context.call.log.write(LogLevel::info, "CALINT0223", fmt::format("{} rows were kept for long enough", all));
  return all;
}

// Those that come of age before the next look, spread over the time until then.
constexpr std::chrono::hours kListsEvery{1};
constexpr std::chrono::hours kListAge = std::chrono::hours(24) - kListsEvery;
constexpr int kListsAtOnce = 1000;

Result<int64_t> queue_lists(const jobs::Context& context) {
  int64_t all = 0;
  for (int64_t some = kListsAtOnce; some == kListsAtOnce && !context.stopping();) {
    auto queued = store::queue_old_lists(context.runtime.pool(),
                                         {.age = kListAge, .spread = kListsEvery, .most = kListsAtOnce}, soon());
    if (!queued) return std::move(queued).error();
    some = *queued;
    all += some;
  }
  return all;
}

Result<int64_t> announce(const jobs::Context& context) {
  return store::announce_changes(context.runtime.pool(), context.call.deadline);
}

Result<int64_t> stay_known(const jobs::Context& context) {
  auto seen = store::see_node(context.runtime.pool(), context.runtime.node_id(), context.call.deadline);
  if (!seen) return std::move(seen).error();
  return 0;
}

}  // namespace

const jobs::Chore kRetention{
    .name = "retention", .every = std::chrono::hours(1), .takes_long = true, .run = retain};
const jobs::Chore kLists{.name = "lists", .every = kListsEvery, .takes_long = true, .run = queue_lists};
const jobs::Chore kAnnouncement{.name = "announcement", .run = announce};
const jobs::Chore kPresence{
    .by = jobs::Chore::By::each_node, .every = std::chrono::minutes(10), .run = stay_known};

}  // namespace calint::integration
