#include "site/settings_page.h"

#include <fmt/format.h>

#include "base/form.h"
#include "crypto/random.h"
#include "integration/revoke.h"
#include "integration/validation.h"
#include "pages/notices.h"
#include "provider/provider.h"
#include "site/answers.h"
#include "site/choose_calendars.h"
#include "site/links.h"
#include "site/password_flow.h"
#include "site/settings_view.h"
#include "site/sync_progress.h"
#include "site/visitor.h"
#include "store/connections.h"
#include "store/pauses.h"
#include "store/revocations.h"
#include "store/syncs.h"

namespace calint::site {
namespace {

std::vector<pages::Link> withdraw_pages(const Runtime& runtime, const Visit& visit, ProviderId id) {
  std::vector<pages::Link> links;
  const Provider* provider = runtime.provider(id);
  if (provider == nullptr) return links;
  const bool password = !facts(id).has_oauth;
  for (const WithdrawPage& page : provider->withdraw_pages) {
    const std::string name = visit.say(page.name);
    links.push_back({page.url, password ? visit.say(texts::withdraw::password{.label = password_label(runtime, visit),
                                                                              .page = name})
                                        : name});
  }
  return links;
}

std::optional<Notice> notice_in(const std::vector<FormField>& query) {
  const std::string* name = single_field(query, "calint_notice");
  return name == nullptr ? std::nullopt : parse_notice(*name);
}

std::optional<pages::Banner> banner_of(const Visit& visit, const Visitor& visitor,
                                       const std::vector<FormField>& query) {
  const auto notice = notice_in(query);
  if (!notice) return std::nullopt;
  return pages::banner_of(visit.pages.language(), *notice,
                          visitor.integration ? visit.name(visitor.integration->provider) : std::string());
}

// Asks the provider once more to withdraw a former access.
Response retry_revocation(Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  auto slot = take_provider_slot(runtime, visit);
  if (!slot) return failure(runtime, visit, slot.error());
  auto too_early = store::take_turn(runtime.pool(), store::Turn::of_user(visitor.user, "revoke"), visit.deadline);
  if (!too_early) return failure(runtime, visit, too_early.error());
  if (*too_early) return too_soon(visit);
  auto ended = integration::retry_revocations(runtime, visit, visitor.user.organization_id, visitor.user.id, 5);
  if (!ended) return failure(runtime, visit, ended.error());
  return finish_at(std::string(kSettingsPath), *ended ? Notice::disconnected : Notice::provider_unavailable);
}

// Nobody is asked here: the calendars are due in the background.
Response sync_now(Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  if (runtime.changes(visitor.integration->provider) == nullptr)
    return failure(runtime, visit, {.fault = Fault::bad_input, .what = "a form asks for a sync where none can be"});
  auto too_early = store::take_turn(runtime.pool(), store::Turn::of_integration(*visitor.integration, "sync"),
                                    visit.deadline);
  if (!too_early) return failure(runtime, visit, too_early.error());
  if (*too_early) return too_soon(visit);
  auto hastened = store::hasten_syncs(runtime.pool(), *visitor.integration, visit.deadline);
  if (!hastened) return failure(runtime, visit, hastened.error());
  visit.log.write(LogLevel::info, "CALINT0206", fmt::format("user {} asked for a sync", visitor.user.id));
  return finish_at(std::string(kSettingsPath), Notice::sync_started);
}

Response act_on_integration(Runtime& runtime, const Visit& visit, const Visitor& visitor, const std::string& action,
                            const std::vector<FormField>& form) {
  if (!names_current_integration(visitor, form)) return failure(runtime, visit, changed_meanwhile());
  if (action == "calendars") return choose_calendars(runtime, visit, visitor, form);
  if (action == "destination") return choose_destination(runtime, visit, visitor, form);
  if (action == "sync") return sync_now(runtime, visit, visitor);
  return read_list_again(runtime, visit, visitor);
}

}  // namespace

Response show_settings(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  auto query = form_decode(visit.request.query.reveal());
  if (!query) return failure(runtime, visit, query.error());
  const std::string return_to = accepted_return_to(runtime.settings(), *query);
  store::CalendarsAsStored calendars;
  std::vector<store::SyncRow> syncs;
  store::StrandedInterviews stranded;
  if (visitor->integration) {
    auto to_show = calendars_to_show(runtime, visit, *visitor);
    if (!to_show) return failure(runtime, visit, to_show.error());
    calendars = std::move(*to_show);
    auto listed = store::list_syncs(runtime.pool(), *visitor->integration, visit.deadline);
    if (!listed) return failure(runtime, visit, listed.error());
    syncs = std::move(listed->syncs);
    stranded = std::move(listed->stranded);
  }

  std::optional<SyncProgress> progress;
  if (visitor->integration && visitor->integration->status == ConnectionStatus::connected &&
      notice_in(*query) == Notice::sync_started)
    progress = sync_progress(visit, visit.name(visitor->integration->provider), syncs, single_field(*query, "looks"),
                             return_to);

  pages::SettingsPage view{.user_name = visitor->display_name(),
                           .user_login = visitor->user.login,
                           .csrf = csrf_token(runtime, *visitor),
                           .notice = progress ? progress->banner : banner_of(visit, *visitor, *query),
                           .providers = provider_cards(runtime.settings(), visit, *visitor, return_to),
                           .connected = std::nullopt,
                           .pending_revocation = std::nullopt,
                           .stranded = {},
                           .more_stranded = 0,
                           .back_url = return_to};
  if (visitor->integration) {
    view.connected = connected_view(runtime, visit, *visitor, calendars, syncs, return_to);
  } else {
    auto left = store::find_left_behind(runtime.pool(), visitor->user.organization_id, visitor->user.id,
                                        visit.deadline);
    if (!left) return failure(runtime, visit, left.error());
    if (const auto& pending = left->revocation)
      view.pending_revocation =
          pages::PendingRevocation{.provider_name = visit.name(pending->provider),
                                   .withdraw_pages = withdraw_pages(runtime, visit, pending->provider),
                                   .job_id = std::to_string(pending->id)};
    stranded = std::move(left->stranded);
  }
  show_stranded(visit, *visitor, stranded, view);
  Response response = page(runtime, PageKind::with_forms, 200, visit.pages.settings(view));
  if (progress && !progress->next.empty())
    response.headers.emplace_back("Refresh", fmt::format("{};url={}", kLookEvery.count(), progress->next));
  return response;
}

Response act_on_settings(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  auto form = trusted_form(runtime, visit, *visitor);
  if (!form) return failure(runtime, visit, form.error());
  const std::string* action = single_field(*form, "action");
  if (action != nullptr && *action == "retry" && single_field(*form, "job") != nullptr)
    return retry_revocation(runtime, visit, *visitor);
  for (const std::string_view known : {"sync", "retry", "refresh_calendars", "calendars", "destination"})
    if (action != nullptr && *action == known) return act_on_integration(runtime, visit, *visitor, *action, *form);
  return failure(runtime, visit, {.fault = Fault::bad_input, .what = "a form asks for an unknown action"});
}

Response ask_to_disconnect(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  if (!visitor->integration) return redirect(303, std::string(kSettingsPath));
  const store::Integration& integration = *visitor->integration;
  auto interviews = store::count_upcoming_interviews(runtime.pool(), integration, visit.deadline);
  if (!interviews) return failure(runtime, visit, interviews.error());
  return page(runtime, PageKind::with_forms, 200,
              visit.pages.disconnect({.user_name = visitor->display_name(),
                                      .user_login = visitor->user.login,
                                      .csrf = csrf_token(runtime, *visitor),
                                      .integration_id = std::to_string(integration.id),
                                      .generation = std::to_string(integration.generation),
                                      .provider_name = visit.name(integration.provider),
                                      .account = integration.account,
                                      .revokes = integration::can_revoke(runtime.keyset(), integration),
                                      .withdraw_pages = withdraw_pages(runtime, visit, integration.provider),
                                      .interviews = *interviews}));
}

Response disconnect(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  auto form = trusted_form(runtime, visit, *visitor);
  if (!form) return failure(runtime, visit, form.error());
  if (!names_current_integration(*visitor, *form)) return failure(runtime, visit, changed_meanwhile());
  auto revocation = integration::revocation_of(runtime.keyset(), *visitor->integration, visit.log);
  if (!revocation) return failure(runtime, visit, revocation.error());
  auto done = store::store_disconnect(runtime.pool(), *visitor->integration, *revocation, visitor->actor(visit.request),
                                      visit.deadline);
  if (!done) return failure(runtime, visit, done.error());
  visit.log.write(LogLevel::info, "CALINT0206",
                 fmt::format("user {} disconnected {}", visitor->user.id, to_string(visitor->integration->provider)));
  return finish_at(std::string(kSettingsPath), Notice::disconnected);
}

Response ask_to_switch(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  auto query = form_decode(visit.request.query.reveal());
  if (!query) return failure(runtime, visit, query.error());
  const std::string* to = single_field(*query, "to");
  const auto provider = to == nullptr ? std::nullopt : parse_provider(*to);
  if (!provider || runtime.provider(*provider) == nullptr)
    return failure(runtime, visit, {.fault = Fault::not_found, .what = "a switch to a provider that isn't offered here"});
  const bool changed = single_field(*query, "changed") != nullptr;
  pages::SwitchPage view{.user_name = visitor->display_name(),
                         .user_login = visitor->user.login,
                         .csrf = csrf_token(runtime, *visitor),
                         .to_provider_id = *to,
                         .to_provider_name = visit.name(*provider),
                         .from_provider_name = {},
                         .from_account = {},
                         .integration_id = "0",
                         .generation = "0",
                         .interviews = 0,
                         .why = changed ? visit.say(texts::switching::changed{}) : std::string(),
                         .return_to = accepted_return_to(runtime.settings(), *query)};
  if (visitor->integration) {
    auto interviews = store::count_upcoming_interviews(runtime.pool(), *visitor->integration, visit.deadline);
    if (!interviews) return failure(runtime, visit, interviews.error());
    view.interviews = *interviews;
    view.from_provider_name = visit.name(visitor->integration->provider);
    view.from_account = visitor->integration->account;
    view.integration_id = std::to_string(visitor->integration->id);
    view.generation = std::to_string(visitor->integration->generation);
  }
  auto authorize = parse_url(runtime.authorize_base(*provider));
  return page(runtime, PageKind::with_forms, 200, visit.pages.switch_question(view),
              authorize ? authorize->origin() : std::string());
}

}  // namespace calint::site
