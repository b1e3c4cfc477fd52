// Work that is done every so often, whatever there is: by one node for the whole installation, or by each for itself.
#pragma once

#include "jobs/kind.h"

namespace calint::jobs {

struct Chore {
  enum class By { one_node, each_node };

  std::string_view name;  // of its row in calendar_chores, where it is one node's
  By by = By::one_node;
  // From the beginning of one to the next, also where its node dies. Zero: it sees to its row itself, and costs little
  // where there is nothing to do.
  std::chrono::seconds every{0};
  bool takes_long = false;  // has a thread of its own: no job waits for it

  // Returns how much there was to do. Once stopping(), what is left is done the next time.
  Result<int64_t> (*run)(const Context& context);
};

}  // namespace calint::jobs
