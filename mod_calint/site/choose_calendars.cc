#include "site/choose_calendars.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/paths.h"
#include "base/reaction.h"
#include "integration/validation.h"
#include "provider/shared/calendar_list.h"
#include "site/answers.h"
#include "site/links.h"
#include "site/password_limits.h"
#include "store/pauses.h"
#include "store/validations.h"

namespace calint::site {
namespace {

constexpr std::chrono::hours kListIsOld{24};

Response refused(const Runtime& runtime, const Visit& visit, const char* what, const pages::Text& text) {
  visit.log.write(LogLevel::info, "CALINT0210", what);
  return message(runtime, visit, 400,
                 {.title = visit.say(texts::calendars::refused::title{}),
                  .text = visit.say(text),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {link_to_settings(visit)}});
}

Response answer(const Runtime& runtime, const Visit& visit, const Visitor& visitor, const Result<store::Wait>& stored,
                const char* what, const pages::Text& refusal) {
  if (stored && *stored) return too_soon(visit);
  if (stored) {
    visit.log.write(LogLevel::info, "CALINT0206", fmt::format("user {} chose {}", visitor.user.id, what));
    return finish_at(std::string(kSettingsPath), Notice::saved);
  }
  if (stored.error().fault == Fault::bad_input) return refused(runtime, visit, stored.error().what.c_str(), refusal);
  return failure(runtime, visit, stored.error());
}

// What keeps a list from being read, to the person who asked for it.
Notice notice_of(const Error& error) {
  switch (error.fault) {
    case Fault::operator_fault: return Notice::misconfigured;
    case Fault::rate_limited: return Notice::rate_limited;
    case Fault::unavailable: return Notice::provider_unavailable;
    default: return Notice::validation_failed;
  }
}

bool is_old(const Visitor& visitor, const std::vector<store::CalendarRow>& calendars, Instant now) {
  const auto read_at = list_read_at(calendars);
  return visitor.integration->status == ConnectionStatus::connected && read_at && now - *read_at > kListIsOld;
}

}  // namespace

Response choose_calendars(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                          const std::vector<FormField>& form) {
  std::vector<std::string> ids;
  for (const auto& [name, value] : form)
    if (name == "calendar") ids.push_back(value);
  if (!std::all_of(ids.begin(), ids.end(), provider::is_calendar_id))
    return refused(runtime, visit, "a form ticks what can't be a calendar",
                   texts::calendars::refused::not_in_account{});
  return answer(runtime, visit, visitor,
                store::choose_calendars(runtime.pool(), *visitor.integration, ids, visitor.actor(visit.request),
                                        visit.deadline),
                "which calendars are read", texts::calendars::refused::not_in_account{});
}

Response choose_destination(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                            const std::vector<FormField>& form) {
  const std::string* id = single_field(form, "calendar");
  if (id == nullptr || !provider::is_calendar_id(*id))
    return refused(runtime, visit, "a form chooses a destination that can't be a calendar",
                   texts::calendars::refused::not_writable{});
  return answer(runtime, visit, visitor,
                store::choose_destination(runtime.pool(), *visitor.integration, *id, visitor.actor(visit.request),
                                          visit.deadline),
                "where interviews are written to", texts::calendars::refused::not_writable{});
}

Response read_list_again(Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  auto slot = take_provider_slot(runtime, visit);
  if (!slot) return failure(runtime, visit, slot.error());
  const auto turn = store::Turn::of_integration(*visitor.integration, "read");
  auto too_early = store::take_turn(runtime.pool(), turn, visit.deadline);
  if (!too_early) return failure(runtime, visit, too_early.error());
  if (*too_early) return too_soon(visit);
  if (integration::password_was_refused(*visitor.integration)) {
    const auto limits = limits_of_refused(runtime, visitor.user, visitor.integration->provider);
    auto wait = store::count_try(runtime.pool(), limits, visit.deadline);
    if (!wait) return failure(runtime, visit, wait.error());
    if (*wait) {
      visit.log.write(LogLevel::warning, "CALINT0215",
                      fmt::format("user {} tried a refused password too often", visitor.user.id));
      return finish_at(std::string(kSettingsPath), Notice::rate_limited);
    }
  }
  auto trouble = integration::validate_again(runtime, visit, *visitor.integration, visitor.actor(visit.request));
  if (!trouble) return failure(runtime, visit, trouble.error());
  if (*trouble) return finish_at(std::string(kSettingsPath), notice_of(**trouble));
  visit.log.write(LogLevel::info, "CALINT0206", fmt::format("user {}: the calendars were read", visitor.user.id));
  return finish_at(std::string(kSettingsPath), Notice::connected);
}

std::optional<Instant> list_read_at(const std::vector<store::CalendarRow>& calendars) {
  std::optional<Instant> read_at;
  for (const store::CalendarRow& calendar : calendars) read_at = std::max(read_at, std::optional(calendar.listed_at));
  return read_at;
}

Result<store::CalendarsAsStored> calendars_to_show(Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  const store::Integration& integration = *visitor.integration;
  auto stored = store::list_calendars(runtime.pool(), integration, visit.deadline);
  if (!stored || stored->reading != store::ListReading::none || visit.request.method != "GET") return stored;
  if (!is_old(visitor, stored->calendars, runtime.now())) return stored;
  auto queued = store::queue_validation(runtime.pool(), integration, visit.deadline);
  if (!queued) return std::move(queued).error();
  stored->reading = store::ListReading::now;
  return stored;
}

}  // namespace calint::site
