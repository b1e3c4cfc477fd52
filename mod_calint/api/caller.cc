#include "api/caller.h"

#include <fmt/format.h>

#include "runtime/csrf.h"
#include "runtime/failure_log.h"

namespace calint::api {
namespace {

bool only_reads(const std::string& method) { return method == "GET" || method == "HEAD"; }

std::variant<Caller, Response> key_of(Runtime& runtime, const ApiCall& call) {
  auto key = runtime.service_keys().find(*call.request.bearer, runtime.now(), call.log);
  if (key || key.error().detail != Detail::service_keys) tell_service_keys_work(runtime, call.log);
  if (!key) return failure(runtime, call, key.error());
  std::string organization = key->organization.value_or("");
  return Caller{.user = std::nullopt, .key = std::move(*key), .organization_id = std::move(organization)};
}

std::variant<Caller, Response> user_of(Runtime& runtime, const ApiCall& call) {
  const Request& request = call.request;
  if (!request.login) return failure(runtime, call, {.fault = Fault::unauthenticated, .what = "nobody is signed in"});
  auto found = store::find_signed_in(runtime.pool(), *request.login, std::nullopt, call.deadline);
  if (!found) return failure(runtime, call, found.error());
  const store::User& user = found->user;
  if (!only_reads(request.method)) {
    if (!request.binding)
      return failure(runtime, call,
                     {.fault = Fault::operator_fault,
                      .what = "httpd has no session for this URL: switch mod_session on for it (Session On)"});
    if (const Status status = same_origin(runtime, request); !status)
      return refuse(runtime, call, {.type = "forbidden", .detail = "the call came from another site"});
    if (!is_csrf_token(runtime, {*request.binding, user.organization_id, user.id}, request.csrf_token))
      return refuse(runtime, call,
                    {.type = "forbidden", .detail = "X-CSRF-Token is missing, too old or of another session: GET "
                                                    "/integration has it as csrf_token"});
  }
  return Caller{.user = user, .key = std::nullopt, .organization_id = user.organization_id};
}

}  // namespace

std::variant<Caller, Response> caller_of(Runtime& runtime, const ApiCall& call, Query& query) {
  auto found = call.request.bearer ? key_of(runtime, call) : user_of(runtime, call);
  Caller* caller = std::get_if<Caller>(&found);
  if (caller == nullptr) return found;
  const auto named = query.text("organization_id");
  const bool is_bound = caller->user || caller->key->organization;
  if (!is_bound && !named) {
    Problems problems;
    problems.add("/organization_id", "is needed: the key is for any organisation");
    return refuse(runtime, call, problems);
  }
  if (!is_bound) caller->organization_id = *named;
  else if (named && *named != caller->organization_id)
    return refuse(runtime, call, {.type = "not_found", .errors = {{"/organization_id", "is not known here"}}});
  return found;
}

}  // namespace calint::api
