#include "api/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "api/problem_types.h"
#include "base/encoding.h"
#include "base/paths.h"
#include "base/reaction.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "runtime/failure_log.h"

namespace calint::api {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kProblemJson = "application/problem+json";

// Those who were refused together don't come back together.
int64_t spread(std::chrono::seconds pause) {
  return pause.count() + static_cast<int64_t>(crypto::random_unit() * static_cast<double>(pause.count()));
}

std::string_view tag_of(int status) {
  switch (status) {
    case 401: return "CALINT0211";
    case 404:
    case 410: return "CALINT0212";
    case 409:
    case 412: return "CALINT0213";
    case 429: return "CALINT0215";
    default: return "CALINT0210";
  }
}

Response problem(const Runtime& runtime, const ApiCall& call, const Refusal& refusal) {
  const ProblemType& type = *find_problem_type(refusal.type);
  const int status = refusal.status == 0 ? type.status : refusal.status;
  JsonObject object;
  object.add("type", fmt::format("{}{}/problems/{}", runtime.settings().public_url->origin(), kApiPath, type.name))
      .add("title", type.title)
      .add("status", status)
      .add("detail", refusal.detail.empty() ? type.meaning : std::string_view(refusal.detail))
      .add("request_id", call.request.request_id);
  if (!refusal.errors.empty()) {
    JsonArray errors;
    for (const Problem& one : refusal.errors)
      errors.add(JsonObject().add("pointer", one.pointer).add("detail", one.detail));
    object.add("errors", errors);
  }
  if (!refusal.conflicts.empty()) object.add("conflicts", JsonText(refusal.conflicts));
  Response response = json(status, object.text());
  response.content_type = kProblemJson;
  if (refusal.retry_after.count() > 0)
    response.headers.emplace_back("Retry-After", std::to_string(spread(refusal.retry_after)));
  if (status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"calint\"");
  return response;
}

enum class Comparison { weak, strong };

// How an entity tag ends that went out; mod_deflate and mod_brotli add to those of what they compress.
constexpr std::string_view kEndsOfTags[] = {"\"", "-gzip\"", "-br\""};

bool ends_tag(std::string_view rest) {
  return std::any_of(std::begin(kEndsOfTags), std::end(kEndsOfTags), [&](std::string_view end) {
    return rest.starts_with(end) &&
           (rest.size() == end.size() || rest[end.size()] == ',' || rest[end.size()] == ' ');
  });
}

// Whether If-None-Match or If-Match (RFC 9110, 13.1) names this entity tag, which is written as a strong one.
bool names_tag(std::string_view header, std::string_view tag, Comparison comparison) {
  if (header == "*") return true;
  tag.remove_suffix(1);
  for (size_t at = header.find(tag); at != header.npos; at = header.find(tag, at + 1)) {
    const bool begins = at == 0 || header[at - 1] == ' ' || header[at - 1] == ',' ||
                        (header[at - 1] == '/' && comparison == Comparison::weak);
    if (begins && ends_tag(header.substr(at + tag.size()))) return true;
  }
  return false;
}

std::string tag_of_text(std::string_view text) {
  return fmt::format("\"{}\"", base64url_encode(crypto::sha256(text).substr(0, 18)));
}

}  // namespace

Response refuse(const Runtime& runtime, const ApiCall& call, const Refusal& refusal) {
  const ProblemType& type = *find_problem_type(refusal.type);
  const int status = refusal.status == 0 ? type.status : refusal.status;
  call.log.write(LogLevel::info, tag_of(status),
                 fmt::format("answered {} {}{}{}", status, type.name, refusal.detail.empty() ? "" : ": ",
                             refusal.detail));
  return problem(runtime, call, refusal);
}

Response refuse(const Runtime& runtime, const ApiCall& call, const Problems& problems) {
  return refuse(runtime, call, {.type = "invalid_request", .errors = problems.found()});
}

Response failure(const Runtime& runtime, const ApiCall& call, const Error& error) {
  const Reaction& reaction = reaction_to(error.fault);
  tell_failure(runtime, call.log, {}, error, fmt::format("answered {}", reaction.status));
  return problem(runtime, call,
                 {.type = problem_of(error), .retry_after = reaction.retry_after, .status = reaction.status});
}

Response json(int status, std::string text) {
  text += '\n';
  return {.status = status, .headers = {}, .content_type = std::string(kJson), .body = std::move(text)};
}

namespace {

// `tag`: RFC 9110, 8.8.3.
Response tagged(const ApiCall& call, Response response, const std::string& tag) {
  response.headers.emplace_back("ETag", tag);
  const size_t opaque = tag.starts_with("W/") ? 2 : 0;
  if (!names_tag(call.request.if_none_match, std::string_view(tag).substr(opaque), Comparison::weak)) return response;
  response.status = 304;
  response.content_type.clear();
  response.body.clear();
  return response;
}

}  // namespace

Response tagged(const ApiCall& call, std::string content_type, std::string text) {
  const std::string tag = tag_of_text(text);
  return tagged(call, {.status = 200, .headers = {}, .content_type = std::move(content_type), .body = std::move(text)},
                tag);
}

Response tagged(const ApiCall& call, std::string content_type, std::string text, std::string_view meaning) {
  return tagged(call, {.status = 200, .headers = {}, .content_type = std::move(content_type), .body = std::move(text)},
                "W/" + tag_of_text(meaning));
}

bool fits(const ApiCall& call, std::string_view tag) {
  const std::string& header = call.request.if_match;
  return header.empty() || names_tag(header, tag, Comparison::strong);
}

void protect(Response& response, const std::string& request_id) {
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("X-Request-Id", request_id);
}

}  // namespace calint::api
