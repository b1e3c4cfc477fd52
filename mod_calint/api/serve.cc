#include "api/serve.h"

#include <fmt/format.h>

#include "api/problem_page.h"
#include "api/routes.h"
#include "base/embedded.h"
#include "base/paths.h"
#include "runtime/failure_log.h"

namespace calint::api {
namespace {

bool reads(std::string_view method) { return method == "GET" || method == "HEAD"; }

// A page that calls in a loop, and a back end that does.
constexpr CallRate kRateOfUser{.burst = 100, .per_second = 20};
constexpr CallRate kRateOfKey{.burst = 2000, .per_second = 1000};

std::chrono::seconds pause_of(Runtime& runtime, const Caller& caller) {
  const std::string name = caller.user ? "user/" + caller.user->organization_id + '/' + caller.user->id
                                       : "key/" + caller.key->digest;
  return runtime.call_rates().take(name, caller.user ? kRateOfUser : kRateOfKey, std::chrono::steady_clock::now());
}

// What takes a body takes it as JSON. An empty one is none.
bool has_wrong_body(const Request& request) {
  if (request.method != "POST" && request.method != "PATCH") return false;
  return !is_media_type(request.content_type, "application/json") &&
         !(request.method == "PATCH" && is_media_type(request.content_type, "application/merge-patch+json"));
}

bool takes_an_answer(const Request& request, const Route& route) {
  return quality(request.accept, "application/json") > 0 || quality(request.accept, "application/problem+json") > 0 ||
         (!route.also.empty() && quality(request.accept, route.also) > 0);
}

Response options(const std::string& allow) {
  return {.status = 204, .headers = {{"Allow", allow}}, .content_type = {}, .body = {}};
}

// For everybody: it says nothing of anybody.
std::optional<Response> description() {
  return Response{.status = 200,
                  .headers = {},
                  .content_type = "application/json",
                  .body = std::string(embedded::file("mod_calint/api/openapi.json"))};
}

Response not_found(const Runtime& runtime, const ApiCall& call) {
  return refuse(runtime, call, {.type = "not_found", .detail = "there is nothing at this address"});
}

Response wrong_method(const Runtime& runtime, const ApiCall& call, const std::string& allow) {
  Response response = refuse(runtime, call, {.type = "method_not_allowed"});
  response.headers.emplace_back("Allow", allow);
  return response;
}

Response serve_route(Runtime& runtime, const ApiCall& call, const Route& route, std::string id) {
  const Request& request = call.request;
  Problems problems;
  Query query(request.query, problems);
  auto found = caller_of(runtime, call, query);
  if (Response* answer = std::get_if<Response>(&found)) return std::move(*answer);
  const Caller& caller = std::get<Caller>(found);
  if (const auto pause = pause_of(runtime, caller); pause.count() > 0)
    return refuse(runtime, call,
                  {.type = "rate_limited", .detail = caller.name() + " calls too often", .retry_after = pause});
  const Reach reach = caller.reach(route.right);
  if (reach == Reach::nobody)
    return refuse(runtime, call,
                  {.type = "forbidden", .detail = caller.name() + " may not make this call"});
  if (!takes_an_answer(request, route))
    return refuse(runtime, call, {.type = "not_acceptable"});
  if (has_wrong_body(request)) return refuse(runtime, call, {.type = "unsupported_media_type"});
  Response response =
      route.serve({.runtime = runtime, .call = call, .caller = caller, .query = query, .id = std::move(id)}, reach);
  // Whatever is no problem comes from the database.
  if (response.status < 400) tell_database_works(runtime, call.log);
  return response;
}

Response answer(Runtime& runtime, const ApiCall& call) {
  const Request& request = call.request;
  if (!request.path.starts_with(kApiPath)) return not_found(runtime, call);
  const std::string_view path = std::string_view(request.path).substr(kApiPath.size());
  if (auto page = path == "/openapi.json" ? description() : problem_page(path)) {
    if (request.method == "OPTIONS") return options("OPTIONS, GET, HEAD");
    if (reads(request.method)) return std::move(*page);
    return wrong_method(runtime, call, "OPTIONS, GET, HEAD");
  }
  Match match = find_route(path, request.method);
  if (match.allow.empty()) return not_found(runtime, call);
  if (request.method == "OPTIONS") return options(match.allow);
  if (match.route != nullptr) return serve_route(runtime, call, *match.route, std::move(match.id));
  return wrong_method(runtime, call, match.allow);
}

}  // namespace

Response serve(Runtime& runtime, const ApiCall& call) {
  Response response = answer(runtime, call);
  protect(response, call.request.request_id);
  return response;
}

Response refuse_body(const Runtime& runtime, const ApiCall& call, int status) {
  const bool is_long = status == 413;
  Response response = refuse(runtime, call,
                             {.type = is_long ? "too_large" : "invalid_request",
                              .detail = is_long ? "" : "the body couldn't be read",
                              .status = status});
  protect(response, call.request.request_id);
  return response;
}

Response serve_degraded(const std::string& request_id) {
  // Where this server is reached, and so the address of a type's page, isn't known.
  Response response = json(503, JsonObject()
                                    .add("type", "about:blank")
                                    .add("title", "Service Unavailable")
                                    .add("status", 503)
                                    .add("detail", "the configuration can't be used: the error log says why")
                                    .add("request_id", request_id)
                                    .text());
  response.content_type = "application/problem+json";
  response.headers.emplace_back("Retry-After", "60");
  protect(response, request_id);
  return response;
}

}  // namespace calint::api
