#include "pages/notices.h"

#include "pages/texts.h"

namespace calint::pages {
namespace {

struct Said {
  std::string_view kind;
  Text text;
};

// What failed may have been about another provider than the one that is connected: those texts name none.
Said said_of(Notice notice, const std::string& provider) {
  switch (notice) {
    case Notice::connected: return {"success", texts::notice::connected{.provider = provider}};
    case Notice::reconnected: return {"success", texts::notice::reconnected{.provider = provider}};
    case Notice::switched: return {"success", texts::notice::switched{.provider = provider}};
    case Notice::disconnected: return {"success", texts::notice::disconnected{}};
    case Notice::denied: return {"warning", texts::notice::denied{}};
    case Notice::admin_consent_required: return {"warning", texts::notice::admin_consent_required{}};
    case Notice::provider_error: return {"error", texts::notice::provider_error{}};
    case Notice::exchange_failed: return {"error", texts::notice::exchange_failed{}};
    case Notice::misconfigured: return {"error", texts::notice::misconfigured{}};
    case Notice::scope_missing: return {"warning", texts::notice::scope_missing{}};
    case Notice::validation_failed: return {"warning", texts::notice::validation_failed{.provider = provider}};
    case Notice::provider_unavailable: return {"warning", texts::notice::provider_unavailable{}};
    case Notice::rate_limited: return {"warning", texts::notice::rate_limited{}};
    case Notice::saved: return {"success", texts::notice::saved{}};
    case Notice::sync_started: break;
  }
  return {"info", texts::notice::sync_started{}};
}

}  // namespace

Banner banner_of(const Language& language, Notice notice, std::string_view provider_name) {
  const std::string provider =
      provider_name.empty() ? language.say(texts::page::unnamed_provider{}) : std::string(provider_name);
  const Said said = said_of(notice, provider);
  return {.kind = std::string(said.kind), .text = language.say(said.text)};
}

}  // namespace calint::pages
