#include "provider/google/google.h"

#include "pages/texts.h"

namespace calint::google {

Provider make_provider(const Options& options, Transport& transport) {
  return {.id = ProviderId::google,
          .oauth = make_oauth(options, transport),
          .password = nullptr,
          .calendars = make_calendars(options, transport),
          .changes = make_changes(options, transport),
          .events = make_events(options, transport),
          .withdraw_pages = {{"https://myaccount.google.com/connections",
                              texts::provider::withdraw::connections{ProviderId::google}}}};
}

}  // namespace calint::google
