#include "app/background.h"

#include "integration/due_refresh.h"
#include "integration/due_validation.h"
#include "integration/housekeeping.h"
#include "integration/leavers.h"
#include "integration/revoke.h"
#include "interviews/due_interview.h"
#include "sync/due_sync.h"

namespace calint::app {

std::span<const jobs::Kind* const> kinds() {
  static constexpr const jobs::Kind* all[] = {
      &integration::kValidation,
      &integration::kRevocation,
      &integration::kRefresh,
      &sync::kSync,
      &interviews::kInterview,
  };
  return all;
}

std::span<const jobs::Chore* const> chores() {
  static constexpr const jobs::Chore* all[] = {
      &integration::kPresence,
      &integration::kAnnouncement,
      &integration::kLeavers,
      &integration::kLists,
      &integration::kRetention,
  };
  return all;
}

}  // namespace calint::app
