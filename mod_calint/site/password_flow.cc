#include "site/password_flow.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/form.h"
#include "base/reaction.h"
#include "base/utf8.h"
#include "crypto/random.h"
#include "pages/notices.h"
#include "runtime/failure_log.h"
#include "site/answers.h"
#include "site/flow.h"
#include "site/links.h"
#include "site/password_limits.h"
#include "site/start_flow.h"
#include "site/store_grant.h"
#include "store/audit.h"
#include "store/password_tries.h"

namespace calint::site {
namespace {

using Fields = std::vector<FormField>;

// What the page was made for, and what was typed into it.
struct Attempt {
  const Visitor& visitor;
  const Provider& provider;
  bool replaces = false;    // the user confirmed that what is connected will be replaced
  int64_t integration_id = 0;
  int64_t generation = 0;
  std::string return_to;
  std::string account;
};

// What goes on top of the page or beside a field, when it is shown again.
struct Objection {
  std::optional<pages::Banner> notice = std::nullopt;
  std::string account = {};
  std::string password = {};
};

Response show(Runtime& runtime, const Visit& visit, const Attempt& attempt, int status, const Objection& objection) {
  const Visitor& visitor = attempt.visitor;
  const ProviderId id = attempt.provider.id;
  const WithdrawPage& page_of_passwords = attempt.provider.withdraw_pages.front();
  pages::CredentialsPage view{
      .user_name = visitor.display_name(),
      .user_login = visitor.user.login,
      .csrf = csrf_token(runtime, visitor),
      .provider_id = std::string(to_string(id)),
      .provider_name = visit.name(id),
      .notice = objection.notice,
      .account = attempt.account,
      .account_error = objection.account,
      .password_error = objection.password,
      .replaces_provider = {},
      .replaces_account = {},
      .integration_id = std::to_string(attempt.integration_id),
      .generation = std::to_string(attempt.generation),
      .reconnects = !attempt.replaces && attempt.integration_id != 0,
      .password_page = {page_of_passwords.url, visit.say(page_of_passwords.name)},
      .password_label = password_label(runtime, visit),
      .return_to = attempt.return_to,
  };
  if (attempt.replaces && visitor.integration) {
    view.replaces_provider = visit.name(visitor.integration->provider);
    view.replaces_account = visitor.integration->account;
  }
  return page(runtime, PageKind::with_forms, status, visit.pages.credentials(view));
}

Response show_later(Runtime& runtime, const Visit& visit, const Attempt& attempt, int status,
                    std::chrono::seconds wait, pages::Banner notice) {
  Response response = show(runtime, visit, attempt, status, {.notice = std::move(notice)});
  if (wait.count() > 0) response.headers.emplace_back("Retry-After", std::to_string(wait.count()));
  return response;
}

int64_t number(const Fields& fields, std::string_view name) {
  const std::string* text = single_field(fields, name);
  if (text == nullptr || text->empty() || text->size() > 18) return 0;
  if (text->find_first_not_of("0123456789") != std::string::npos) return 0;
  return std::stoll(*text);
}

std::vector<store::TryLimit> limits_of(const Runtime& runtime, const Attempt& attempt) {
  return limits_of_typed(runtime, attempt.visitor.user, attempt.provider.id, attempt.account);
}

// The provider judged the password, and doesn't take it.
Response rejected(Runtime& runtime, const Visit& visit, const Attempt& attempt) {
  const Visitor& visitor = attempt.visitor;
  visit.log.write(LogLevel::notice, "CALINT0203",
                 fmt::format("{} refused the account or password that user {} typed",
                             to_string(attempt.provider.id), visitor.user.id));
  auto audited = store::store_audit(
      runtime.pool(),
      {.organization_id = visitor.user.organization_id,
       .action = "credentials_rejected",
       .integration_id = visitor.integration ? std::to_string(visitor.integration->id) : "0",
       .provider = attempt.provider.id},
      visitor.actor(visit.request), visit.deadline);
  if (!audited) return failure(runtime, visit, audited.error());
  return show(runtime, visit, attempt, 422,
              {.password = visit.say(texts::provider::password::refused{attempt.provider.id})});
}

// No verdict: the try doesn't count.
Response not_judged(Runtime& runtime, const Visit& visit, const Attempt& attempt, const Error& error) {
  auto forgotten = store::forget_try(runtime.pool(), limits_of(runtime, attempt), visit.deadline);
  if (!forgotten) return failure(runtime, visit, forgotten.error());
  log_failure(visit.log, error, fmt::format("{}: an account could not be tried", to_string(attempt.provider.id)),
              "CALINT0208");
  const bool temporary = error.fault == Fault::unavailable || error.fault == Fault::rate_limited;
  const Notice notice = temporary ? Notice::provider_unavailable : Notice::provider_error;
  return show_later(runtime, visit, attempt, 503, std::max(error.retry_after, std::chrono::seconds(temporary ? 5 : 0)),
                    pages::banner_of(visit.pages.language(), notice, ""));
}

Response try_password(Runtime& runtime, const Visit& visit, const Attempt& attempt, const Secret& password) {
  auto slot = take_provider_slot(runtime, visit);
  if (!slot) {
    tell_failure(runtime, visit.log, {}, slot.error(), "a password waits to be tried");
    return show_later(runtime, visit, attempt, 503, std::chrono::seconds(3),
                      {"warning", visit.say(texts::credentials::no_place{})});
  }
  auto wait = store::count_try(runtime.pool(), limits_of(runtime, attempt), visit.deadline);
  if (!wait) return failure(runtime, visit, wait.error());
  if (*wait) {
    visit.log.write(LogLevel::warning, "CALINT0215",
                   fmt::format("{}: passwords were tried too often (user {})", to_string(attempt.provider.id),
                               attempt.visitor.user.id));
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(**wait).count();
    return show_later(runtime, visit, attempt, 429, **wait,
                      {"warning", visit.say(texts::provider::password::too_often{attempt.provider.id, minutes})});
  }

  Flow flow{.runtime = runtime,
            .visit = visit,
            .visitor = attempt.visitor,
            .aim = {.may_switch = attempt.replaces,
                    .integration_id = attempt.integration_id,
                    .generation = attempt.generation,
                    .return_to = attempt.return_to},
            .key = {attempt.visitor.user.organization_id, crypto::random_token(16), crypto::random_token(16)},
            .provider = attempt.provider};
  auto grant = attempt.provider.password->sign_in(attempt.account, password, runtime.now(), visit.provider_deadline());
  if (!grant)
    return grant.error().fault == Fault::reconnect ? rejected(runtime, visit, attempt)
                                                   : not_judged(runtime, visit, attempt, grant.error());
  // What is stored writes its outcome there: where the answer of a commit is lost, it tells.
  auto taken = store::take_flow(runtime.pool(), flow.key, flow.visitor.user.id,
                                runtime.now() + std::chrono::minutes(10), visit.deadline);
  if (!taken) return failure(runtime, visit, taken.error());
  return store_and_end(flow, *grant);
}

// What can't be right in what was typed, to the person who typed it.
std::string account_objection(const Visit& visit, ProviderId id, const Error& error) {
  switch (error.detail) {
    case Detail::missing: return visit.say(texts::provider::account::missing{id});
    case Detail::too_long: return visit.say(texts::provider::account::too_long{id});
    default: return visit.say(texts::provider::account::malformed{id});
  }
}

std::string password_objection(const Visit& visit, ProviderId id, const Error& error) {
  switch (error.detail) {
    case Detail::missing: return visit.say(texts::provider::password::missing{id});
    case Detail::too_long: return visit.say(texts::provider::password::too_long{id});
    default: return visit.say(texts::provider::password::malformed{id});
  }
}

}  // namespace

std::string password_label(const Runtime& runtime, const Visit& visit) {
  return visit.say(texts::credentials::password_label{.host = runtime.settings().public_url->host});
}

Response password_flow(Runtime& runtime, const Visit& visit, ProviderId id) {
  auto visitor = visitor_of(runtime, visit);
  if (!visitor) return failure(runtime, visit, visitor.error());
  if (auto refused = unless_offered(runtime, visit, *visitor, id)) return std::move(*refused);

  const bool post = visit.request.method == "POST";
  auto fields = fields_of_start(runtime, visit, *visitor);
  if (!fields) return failure(runtime, visit, fields.error());
  const bool typed_one = count_field(*fields, "app_password") > 0;
  const Secret password = take_secret(*fields, "app_password");
  const std::string* action = single_field(*fields, "action");
  const std::optional<store::Integration>& current = visitor->integration;
  Attempt attempt{.visitor = *visitor,
                  .provider = *runtime.provider(id),
                  .replaces = post && current && action != nullptr && *action == "switch",
                  .return_to = accepted_return_to(runtime.settings(), *fields),
                  .account = current && current->provider == id ? current->account : std::string()};
  if (post && !typed_one && !names_what_is_connected(*visitor, *fields))
    return failure(runtime, visit, changed_meanwhile());
  if (current && current->provider != id && !attempt.replaces)
    return redirect(303, switch_question(id, post, attempt.return_to));
  attempt.integration_id = current ? current->id : 0;
  attempt.generation = current ? current->generation : 0;
  if (!post || !typed_one) return show(runtime, visit, attempt, 200, {});

  // A page that was made before something else was connected may not replace that.
  const bool as_seen = number(*fields, "integration") == attempt.integration_id &&
                       number(*fields, "generation") == attempt.generation;
  if (attempt.replaces && !as_seen) return redirect(303, switch_question(id, true, attempt.return_to));
  const std::string* typed = single_field(*fields, "apple_id");
  const std::string_view account_as_typed = typed == nullptr ? std::string_view() : std::string_view(*typed);
  attempt.account = clean_utf8(account_as_typed, 254);  // as the page repeats it
  auto account = attempt.provider.password->normalised_account(account_as_typed);
  auto plain = attempt.provider.password->normalised_password(password);
  if (!account || !plain) {
    visit.log.write(LogLevel::info, "CALINT0210",
                    fmt::format("{}: user {} typed what can't be an account or a password", to_string(id),
                                visitor->user.id));
    return show(runtime, visit, attempt, 400,
                {.account = account ? "" : account_objection(visit, id, account.error()),
                 .password = plain ? "" : password_objection(visit, id, plain.error())});
  }
  attempt.account = std::move(*account);
  return try_password(runtime, visit, attempt, *plain);
}

}  // namespace calint::site
