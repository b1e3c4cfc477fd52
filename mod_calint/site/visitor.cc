#include "site/visitor.h"

#include "base/encoding.h"
#include "base/return_path.h"
#include "base/utf8.h"
#include "runtime/csrf.h"
#include "runtime/failure_log.h"
#include "site/form_limits.h"

namespace calint::site {
namespace {

Error refused_form(std::string why) {
  return Error{.fault = Fault::bad_input, .what = std::move(why), .detail = Detail::csrf};
}

CsrfSubject subject_of(const Visitor& visitor) {
  return {visitor.binding, visitor.user.organization_id, visitor.user.id};
}

bool is_form(const std::string& content_type) {
  return content_type.substr(0, content_type.find(';')) == "application/x-www-form-urlencoded";
}

}  // namespace

store::Actor Visitor::actor(const Request& request) const {
  return {.user_id = user.id,
          .ip_address = request.remote_ip,
          .user_agent = clean_utf8(request.user_agent, 512)};
}

std::string Visitor::display_name() const {
  return !user.name.empty() ? user.name : !user.email.empty() ? user.email : user.login;
}

Result<Visitor> visitor_of(Runtime& runtime, const Visit& visit, const std::optional<ProviderId>& provider) {
  const Request& request = visit.request;
  if (!request.login) return Error{.fault = Fault::unauthenticated, .what = "nobody is signed in"};
  auto found = store::find_signed_in(runtime.pool(), *request.login, provider, visit.deadline);
  if (!found) return std::move(found).error();
  tell_database_works(runtime, visit.log);
  if (!found->user.is_interviewer && !found->user.is_admin)
    return Error{.fault = Fault::forbidden, .what = "the user is neither interviewer nor administrator"};
  if (!request.binding)
    return Error{
        .fault = Fault::operator_fault,
        .what = "httpd has no session for this URL: switch mod_session on for it (Session On, SessionCookieName)"};
  return Visitor{.user = std::move(found->user),
                 .integration = std::move(found->integration),
                 .offered = std::move(found->offered),
                 .own_client = std::move(found->own_client),
                 .binding = *request.binding};
}

Result<NodeSlots::Slot> take_provider_slot(Runtime& runtime, const Visit& visit) {
  auto slot = runtime.provider_slot();
  if (slot) tell_slot_found(runtime, visit.log);
  return slot;
}

std::string csrf_token(const Runtime& runtime, const Visitor& visitor) {
  return calint::csrf_token(runtime, subject_of(visitor));
}

Result<FormFields> trusted_form(const Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  const Request& request = visit.request;
  if (Status status = same_origin(runtime, request); !status) return std::move(status).error();
  if (!is_form(request.content_type)) return refused_form("a POST was not form encoded");
  const FormLimits limits = form_limits(request.path);
  auto fields = form_decode(request.body.reveal(), limits.fields, limits.bytes);
  if (!fields) return std::move(fields).error();
  const std::string* csrf = single_field(*fields, "csrf");
  if (csrf == nullptr || !is_csrf_token(runtime, subject_of(visitor), *csrf))
    return refused_form("a form's csrf token is missing, too old or of another session");
  return fields;
}

Result<FormFields> fields_of_start(const Runtime& runtime, const Visit& visit, const Visitor& visitor) {
  if (visit.request.method == "POST") return trusted_form(runtime, visit, visitor);
  auto query = form_decode(visit.request.query.reveal());
  return query ? std::move(query) : Result<FormFields>(FormFields());
}

Secret take_secret(std::vector<FormField>& fields, std::string_view name) {
  Secret taken;
  const bool is_single = count_field(fields, name) == 1;
  for (FormField& field : fields) {
    if (field.first != name) continue;
    Secret text(std::move(field.second));
    if (is_single) taken = std::move(text);
  }
  return taken;
}

std::string accepted_return_to(const Settings& settings, const std::vector<FormField>& fields) {
  const std::string* wanted = single_field(fields, "return_to");
  if (wanted == nullptr || !is_safe_return_path(*wanted)) return {};
  const std::string_view path = std::string_view(*wanted).substr(0, wanted->find('?'));
  for (const std::string& prefix : settings.return_to) {
    if (!path.starts_with(prefix)) continue;
    // "/jobs" allows "/jobs" and "/jobs/1", not "/jobsearch".
    if (prefix.ends_with('/') || path.size() == prefix.size() || path[prefix.size()] == '/') return *wanted;
  }
  return {};
}

bool names_current_integration(const Visitor& visitor, const std::vector<FormField>& form) {
  const std::string* id = single_field(form, "integration");
  const std::string* generation = single_field(form, "generation");
  return visitor.integration && id != nullptr && generation != nullptr &&
         *id == std::to_string(visitor.integration->id) &&
         *generation == std::to_string(visitor.integration->generation);
}

bool names_what_is_connected(const Visitor& visitor, const std::vector<FormField>& form) {
  if (visitor.integration) return names_current_integration(visitor, form);
  const std::string* id = single_field(form, "integration");
  return count_field(form, "integration") == 0 || (id != nullptr && *id == "0");
}

Error changed_meanwhile() {
  return Error{.fault = Fault::conflict, .what = "a form names an integration or generation that is no longer current"};
}

}  // namespace calint::site
