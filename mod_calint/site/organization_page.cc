#include "site/organization_page.h"

#include <fmt/format.h>

#include <charconv>

#include "base/encoding.h"
#include "base/form.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "pages/notices.h"
#include "site/answers.h"
#include "site/client_form.h"
#include "site/links.h"
#include "site/rules_form.h"
#include "site/visitor.h"
#include "store/oauth_clients.h"
#include "store/organization_rules.h"
#include "vault/vault.h"

namespace calint::site {
namespace {

// What was typed into a provider's form and refused.
struct Refused {
  ProviderId provider;
  const ClientForm& form;
};

// The same of the rules.
struct RefusedRules {
  std::string seen;
  const RulesValues& typed;
  const RulesChange& change;
};

Response administrators_only(Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  visit.log.write(LogLevel::warning, "CALINT0201",
                 fmt::format("user {} is no administrator and asked for the organisation's page", visitor.user.id));
  return message(runtime, visit, 403,
                 {.title = visit.say(texts::organization::administrators_only::title{}),
                  .text = visit.say(texts::organization::administrators_only::text{}),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {link_to_settings(visit)}});
}

Response changed_meanwhile(Runtime& runtime, const Visit& visit, const pages::Text& what) {
  visit.log.write(LogLevel::info, "CALINT0213", "another change came first: the organisation's settings stay as they are");
  return message(runtime, visit, 409,
                 {.title = visit.say(texts::organization::changed::title{}),
                  .text = visit.say(what),
                  .request_id = {},
                  .reload_after = 0,
                  .actions = {{std::string(kOrganizationPath), visit.say(texts::link::organization{})}}});
}

pages::OrganizationClient view_of(const Runtime& runtime, const Visit& visit, const store::User& admin,
                                  const store::ClientUse& use) {
  pages::OrganizationClient view{.provider_id = std::string(to_string(use.provider)),
                                 .provider_name = visit.name(use.provider),
                                 .available = runtime.oauth(use.provider) != nullptr,
                                 // An ATS without organisations has the server's client and no other.
                                 .editable = !admin.organization_id.empty(),
                                 .takes_tenant = facts(use.provider).has_tenants,
                                 .version = "0",
                                 .redirect_uri = runtime.redirect_uri(use.provider),
                                 .people = use.people,
                                 .people_before = use.people_before,
                                 .refused = use.refused};
  if (!use.own) return view;
  view.client_id = view.entered_client_id = use.own->client_id;
  view.tenant = view.entered_tenant = use.own->tenant;
  view.version = std::to_string(use.own->version);
  if (use.since) view.since = visit.pages.language().date_time(*use.since, admin.time_zone);
  return view;
}

std::string said(const Visit& visit, const std::optional<pages::Text>& objection) {
  return objection ? visit.say(*objection) : std::string();
}

pages::Text label_of(size_t field) {
  const std::array<pages::Text, kRulesFields.size()> labels = {
      texts::organization::rules::monday{},        texts::organization::rules::tuesday{},
      texts::organization::rules::wednesday{},     texts::organization::rules::thursday{},
      texts::organization::rules::friday{},        texts::organization::rules::saturday{},
      texts::organization::rules::sunday{},        texts::organization::rules::buffer_before{},
      texts::organization::rules::buffer_after{},  texts::organization::rules::tentative{},
      texts::organization::rules::unanswered{},    texts::organization::rules::unknown{}};
  return labels[field];
}

// Names these rules in a form, so that it isn't taken for others.
std::string mark_of(const std::string& rules) { return base64url_encode(crypto::sha256(rules)); }

pages::OrganizationRules rules_view(const Visit& visit, std::string seen, const RulesValues& values,
                                    const RulesChange& change = {}) {
  pages::OrganizationRules view{.seen = std::move(seen), .days = {}, .buffers = {}, .choices = {}};
  for (size_t field = 0; field < kRulesFields.size(); ++field) {
    const bool is_day = field < kWeekdays;
    const pages::Text objection = is_day ? pages::Text(texts::organization::rules::hours_malformed{})
                                         : pages::Text(texts::organization::rules::minutes_malformed{});
    auto& fields = is_day ? view.days : field < kWeekdays + kBuffers ? view.buffers : view.choices;
    fields.push_back({.id = std::string(kRulesFields[field]),
                      .label = visit.say(label_of(field)),
                      .value = clean_utf8(values[field], 255),
                      .error = change.wrong[field] ? visit.say(objection) : std::string(),
                      .unset = visit.say(kRulesFields[field] == "unknown"
                                             ? pages::Text(texts::organization::rules::as_server{})
                                             : pages::Text(texts::organization::rules::as_usual{}))});
  }
  return view;
}

Response show(Runtime& runtime, const Visit& visit, const Visitor& visitor, std::optional<pages::Banner> notice,
              const std::optional<Refused>& refused = std::nullopt,
              const std::optional<RefusedRules>& refused_rules = std::nullopt) {
  auto uses = store::list_client_use(runtime.pool(), visitor.user.organization_id, visit.deadline);
  if (!uses) return failure(runtime, visit, uses.error());
  pages::OrganizationPage view{.admin_name = visitor.display_name(),
                               .admin_login = visitor.user.login,
                               .csrf = csrf_token(runtime, visitor),
                               .notice = std::move(notice),
                               .clients = {},
                               .rules = std::nullopt};
  if (refused_rules) {
    view.rules = rules_view(visit, refused_rules->seen, refused_rules->typed, refused_rules->change);
  } else {
    auto rules = store::organization_rules(runtime.pool(), visitor.user.organization_id, visit.deadline);
    if (!rules) return failure(runtime, visit, rules.error());
    view.rules = rules_view(visit, mark_of(*rules), rules_as_set(*rules));
  }
  for (const store::ClientUse& use : *uses) {
    view.clients.push_back(view_of(runtime, visit, visitor.user, use));
    if (!refused || refused->provider != use.provider) continue;
    pages::OrganizationClient& client = view.clients.back();
    client.entered_client_id = clean_utf8(refused->form.client_id, 255);
    client.entered_tenant = clean_utf8(refused->form.tenant, 253);
    client.client_id_error = said(visit, refused->form.client_id_error);
    client.secret_error = said(visit, refused->form.secret_error);
    client.tenant_error = said(visit, refused->form.tenant_error);
  }
  return page(runtime, PageKind::with_forms, refused ? 400 : refused_rules ? 422 : 200, visit.pages.organization(view));
}

std::optional<int32_t> seen_version(const std::vector<FormField>& form) {
  const std::string* text = single_field(form, "version");
  if (text == nullptr) return std::nullopt;
  int32_t version = 0;
  const char* end = text->data() + text->size();
  auto [rest, failed] = std::from_chars(text->data(), end, version);
  if (failed != std::errc() || rest != end || version < 0) return std::nullopt;
  return version;
}

Response finish(Runtime& runtime, const Visit& visit, const Visitor& visitor, ProviderId provider,
                const Status& saved) {
  if (!saved) {
    return saved.error().fault == Fault::conflict ? changed_meanwhile(runtime, visit, texts::organization::changed::text{})
                                                  : failure(runtime, visit, saved.error());
  }
  visit.log.write(LogLevel::info, "CALINT0219",
                 fmt::format("user {} changed the OAuth client of organisation {} for {}", visitor.user.id,
                             visitor.user.organization_id, to_string(provider)));
  return finish_at(std::string(kOrganizationPath), Notice::saved);
}

Response save(Runtime& runtime, const Visit& visit, const Visitor& visitor, ProviderId provider,
              const store::ClientChange& change, std::vector<FormField>& fields) {
  const ClientForm form = parse_client_form(fields, provider, runtime.provider_settings(provider)->client_id);
  if (!form.ok()) {
    visit.log.write(LogLevel::info, "CALINT0210", "an OAuth client can't be as it was typed: nothing was saved");
    return show(runtime, visit, visitor,
                pages::Banner{.kind = "error", .text = visit.say(texts::organization::not_saved{})},
                Refused{provider, form});
  }
  auto uses = store::list_client_use(runtime.pool(), visitor.user.organization_id, visit.deadline);
  if (!uses) return failure(runtime, visit, uses.error());
  int64_t latest = 0;
  for (const store::ClientUse& use : *uses)
    if (use.provider == provider) latest = use.latest_version;
  auto sealed = vault::seal_client_secret(runtime.keyset(),
                                          {.organization_id = visitor.user.organization_id,
                                           .provider = provider,
                                           .client_id = form.client_id,
                                           .version = latest + 1,
                                           .tenant = form.tenant},
                                          form.client_secret);
  if (!sealed) return failure(runtime, visit, sealed.error());
  return finish(runtime, visit, visitor, provider, store::save_client(runtime.pool(), *sealed, change, visit.deadline));
}

Response save_rules(Runtime& runtime, const Visit& visit, const Visitor& visitor,
                    const std::vector<FormField>& fields) {
  const std::string* seen = single_field(fields, "seen");
  const auto typed = typed_rules(fields);
  if (seen == nullptr || !typed)
    return failure(runtime, visit, {.fault = Fault::bad_input, .what = "a form of rules has not all of its fields"});
  const std::string& organization = visitor.user.organization_id;
  auto rules = store::organization_rules(runtime.pool(), organization, visit.deadline);
  if (!rules) return failure(runtime, visit, rules.error());
  if (*seen != mark_of(*rules)) return changed_meanwhile(runtime, visit, texts::organization::rules::changed{});
  const RulesChange change = rules_change(rules_as_set(*rules), *typed);
  for (size_t choice = kWeekdays + kBuffers; choice < kRulesFields.size(); ++choice)
    if (change.wrong[choice])
      return failure(runtime, visit, {.fault = Fault::bad_input, .what = "a form chooses what it doesn't offer"});
  if (!change.ok()) {
    visit.log.write(LogLevel::info, "CALINT0210", "rules can't be as they were typed: nothing was saved");
    return show(runtime, visit, visitor,
                pages::Banner{.kind = "error", .text = visit.say(texts::organization::not_saved{})}, std::nullopt,
                RefusedRules{*seen, *typed, change});
  }
  if (!change.change.empty()) {
    auto stored = store::change_organization_rules(runtime.pool(), organization, change.change,
                                                   visitor.actor(visit.request), visit.deadline);
    if (!stored) return failure(runtime, visit, stored.error());
    visit.log.write(LogLevel::info, "CALINT0219",
                   fmt::format("user {} changed the rules of organisation {}", visitor.user.id, organization));
  }
  return finish_at(std::string(kOrganizationPath), Notice::saved);
}

}  // namespace

Response show_organization(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  if (!visitor->user.is_admin) return administrators_only(runtime, visit, *visitor);
  auto query = form_decode(visit.request.query.reveal());
  if (!query) return failure(runtime, visit, query.error());
  const std::string* notice = single_field(*query, "calint_notice");
  const bool saved = notice != nullptr && parse_notice(*notice) == Notice::saved;
  return show(runtime, visit, *visitor,
              saved ? std::optional(pages::banner_of(visit.pages.language(), Notice::saved, "")) : std::nullopt);
}

Response act_on_organization(Runtime& runtime, const Visit& visit) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  if (!visitor->user.is_admin) return administrators_only(runtime, visit, *visitor);
  auto fields = trusted_form(runtime, visit, *visitor);
  if (!fields) return failure(runtime, visit, fields.error());
  const std::string* action = single_field(*fields, "action");
  if (action != nullptr && *action == "rules") return save_rules(runtime, visit, *visitor, *fields);
  const std::string* name = single_field(*fields, "provider");
  const auto provider = name == nullptr ? std::nullopt : parse_provider(*name);
  const auto version = seen_version(*fields);
  if (action == nullptr || !provider || !version || runtime.oauth(*provider) == nullptr ||
      visitor->user.organization_id.empty())
    return failure(runtime, visit,
                   {.fault = Fault::bad_input, .what = "a form names no provider or version to change"});
  const store::ClientChange change{.seen_version = *version, .actor = visitor->actor(visit.request)};
  if (*action == "save") return save(runtime, visit, *visitor, *provider, change, *fields);
  if (*action != "remove" || *version == 0)
    return failure(runtime, visit, {.fault = Fault::bad_input, .what = "a form asks for an unknown action"});
  return finish(runtime, visit, *visitor, *provider,
                store::remove_client(runtime.pool(), visitor->user.organization_id, *provider, change, visit.deadline));
}

}  // namespace calint::site
