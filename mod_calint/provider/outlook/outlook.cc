#include "provider/outlook/outlook.h"

#include "oauth/authorize_url.h"
#include "oauth/id_token.h"
#include "oauth/token_client.h"
#include "provider/outlook/errors.h"
#include "provider/outlook/replies.h"
#include "provider/outlook/requests.h"
#include "provider/outlook/scopes.h"
#include "provider/outlook/tenant.h"
#include "provider/shared/calendar_list.h"
#include "provider/shared/replies.h"

namespace calint {
namespace {

// Empty where the client has a secret instead.
Secret assertion(const OAuthClient& client, const std::string& token_url, Instant now) {
  return client.certificate ? oauth::client_assertion(*client.certificate, client.client_id, token_url, now) : Secret();
}

}  // namespace

Outlook::Outlook(OutlookOptions options, Transport& transport)
    : options_(std::move(options)), transport_(transport) {}

const std::string& Outlook::tenant_of(const OAuthClient& client) const {
  return client.tenant.empty() ? options_.tenant : client.tenant;
}

std::string Outlook::authorize_url(const AuthorizeParameters& parameters) const {
  const std::string& tenant = parameters.tenant.empty() ? options_.tenant : parameters.tenant;
  return oauth::authorize_url(outlook::at_tenant(options_.authorize_url, tenant),
                              outlook::authorize_parameters(parameters));
}

Refusal Outlook::refusal(std::string_view error, std::string_view description) const {
  if (outlook::asks_for_admin_consent(error, description)) return Refusal::admin_consent;
  return error == "access_denied" ? Refusal::denied : Refusal::failed;
}

Result<Grant> Outlook::exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                                Deadline deadline) {
  const std::string token_url = outlook::at_tenant(options_.token_url, tenant_of(client));
  auto tokens = oauth::ask_for_tokens(
      transport_,
      {token_url, outlook::exchange_form(client, assertion(client, token_url, now), exchange), outlook::refine_refusal},
      now, deadline);
  if (!tokens) return provider::code_refused(std::move(tokens).error());
  const outlook::Identity claimed = outlook::claimed_identity(tokens->id_token);
  std::vector<std::string> issuers = {options_.issuer};
  if (options_.issuer.empty()) issuers = {outlook::issuer_of(token_url, tenant_of(client), claimed.tenant_id)};
  auto subject = oauth::parse_id_token(
      tokens->id_token, {.issuers = std::move(issuers), .client_id = client.client_id, .nonce = exchange.nonce}, now);
  if (subject) subject = outlook::subject_of(claimed, std::move(*subject));
  std::vector<std::string> missing = outlook::missing_scopes(tokens->scopes);
  tokens->scopes = outlook::normalised_scopes(tokens->scopes);
  Grant grant = provider::make_grant(std::move(*tokens), std::move(subject), outlook::account_of(claimed));
  grant.missing_scopes = std::move(missing);
  return grant;
}

Result<oauth::Tokens> Outlook::refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                       Deadline deadline) {
  const std::string token_url = outlook::at_tenant(options_.token_url, tenant_of(client));
  auto tokens = oauth::ask_for_tokens(
      transport_,
      {token_url, outlook::refresh_form(client, assertion(client, token_url, now), refresh_token),
       outlook::refine_refusal},
      now, deadline);
  if (tokens) tokens->scopes = outlook::normalised_scopes(tokens->scopes);
  return tokens;
}

Result<CalendarList> Outlook::list_calendars(const Access& access, Instant now, Deadline deadline) {
  const provider::CalendarPages pages{
      .request =
          [&](const std::string& page) { return outlook::calendars_request(options_.api_url, access.token, page); },
      .parse =
          [&](const HttpResponse& response) { return outlook::parse_calendar_page(response, options_.api_url, now); }};
  auto list = provider::read_calendar_list(transport_, pages, deadline);
  if (list) list->calendars = outlook::with_shared_marked(std::move(list->calendars));
  return list;
}

Status Outlook::revoke(const Secret&, Instant, Deadline) {
  return Error{.fault = Fault::bug, .what = "Microsoft has no revocation"};
}

std::vector<WithdrawPage> Outlook::withdraw_pages() const {
  const WithdrawPage work{"https://myapps.microsoft.com", "My Apps, for a work or school account"};
  const WithdrawPage personal{"https://account.live.com/consent/Manage", "Apps and services, for a personal account"};
  if (options_.tenant == "common") return {work, personal};
  return {options_.tenant == "consumers" ? personal : work};
}

}  // namespace calint
