#include "oauth/token_response.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/json.h"

namespace calint::oauth {
namespace {

constexpr size_t kLongestToken = 16384;
constexpr std::chrono::seconds kUsualLifetime{3600};
constexpr std::chrono::seconds kLongestLifetime{30 * 86400};

bool is_token(std::string_view text) {
  return !text.empty() && text.size() <= kLongestToken &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string plain_word(std::string_view text) {
  const bool plain = text.size() <= 64 &&
                     text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
  return plain ? std::string(text) : "malformed";
}

Error unusable(const char* why) {
  return Error{.fault = Fault::corrupt, .what = fmt::format("the token answer {}", why), .code = "token_answer"};
}

bool is_operators(std::string_view error) {
  static constexpr std::string_view kOperators[] = {
      "invalid_client",         "unauthorized_client", "redirect_uri_mismatch", "invalid_request",
      "unsupported_grant_type", "invalid_scope",       "invalid_resource",      "deleted_client",
      "disabled_client"};
  return std::find(std::begin(kOperators), std::end(kOperators), error) != std::end(kOperators);
}

bool needs_the_user(std::string_view error) {
  static constexpr std::string_view kUsers[] = {"invalid_grant",    "interaction_required", "consent_required",
                                                "access_denied",    "org_internal",         "admin_policy_enforced",
                                                "login_required"};
  return std::find(std::begin(kUsers), std::end(kUsers), error) != std::end(kUsers);
}

Error refusal(const HttpResponse& response, const json_t* body, Instant now) {
  const std::string_view error = string_member(body, "error").value_or("");
  const std::string_view subtype = string_member(body, "error_subtype").value_or("");
  const std::string_view description = string_member(body, "error_description").value_or("");
  Error result{.fault = Fault::unavailable,
               .what = fmt::format("the token endpoint answered {}", response.status),
               .code = plain_word(error),
               .retry_after = response.retry_after(now)};
  if (response.status == 429) {
    result.fault = Fault::rate_limited;
  } else if (response.status >= 500) {
    result.fault = Fault::unavailable;
  } else if (error == "invalid_grant" && description == "Malformed auth code.") {
    // The code was encoded twice or not at all.
    result.fault = Fault::bug;
  } else if (needs_the_user(error)) {
    result.fault = Fault::reconnect;
    // Google's reauthentication policy: invalid_rapt, rapt_required.
    if (subtype.find("rapt") != std::string_view::npos) result.detail = Detail::sign_in_policy;
  } else if (is_operators(error)) {
    result.fault = Fault::operator_fault;
  }
  return result;
}

// A number, or a number as a string, which some servers write.
std::optional<int64_t> lifetime_in(const json_t* body) {
  if (json_object_get(body, "expires_in") == nullptr) return kUsualLifetime.count();
  if (auto number = integer_member(body, "expires_in")) return number;
  const auto text = string_member(body, "expires_in");
  int64_t number = 0;
  if (!text || text->empty()) return std::nullopt;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size()) return std::nullopt;
  return number;
}

bool is_bearer(std::string_view type) {
  constexpr std::string_view kBearer = "bearer";
  return std::equal(type.begin(), type.end(), kBearer.begin(), kBearer.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

Result<Tokens> tokens_from(const json_t* body, Instant now) {
  const auto access_token = string_member(body, "access_token");
  if (!access_token || !is_token(*access_token)) return unusable("has no usable access_token");
  if (!is_bearer(string_member(body, "token_type").value_or(""))) return unusable("isn't of type Bearer");
  const auto lifetime = lifetime_in(body);
  if (!lifetime || *lifetime < 0) return unusable("has no usable expires_in");
  Tokens tokens{
      .access_token = Secret(*access_token),
      .refresh_token = std::nullopt,
      .expires_at = now + std::clamp(std::chrono::seconds(*lifetime), std::chrono::seconds(1), kLongestLifetime),
      .scopes = {},
      .id_token = {}};
  if (json_object_get(body, "refresh_token") != nullptr) {
    const auto refresh_token = string_member(body, "refresh_token");
    if (!refresh_token || !is_token(*refresh_token)) return unusable("has no usable refresh_token");
    tokens.refresh_token = Secret(*refresh_token);
  }
  if (json_object_get(body, "scope") != nullptr) {
    const auto scope = string_member(body, "scope");
    if (!scope || scope->size() > kLongestToken) return unusable("has no usable scope");
    std::istringstream words{std::string(*scope)};
    for (std::string word; words >> word;) tokens.scopes.insert(word);
    if (tokens.scopes.empty()) return unusable("has no usable scope");
  }
  if (json_object_get(body, "id_token") != nullptr) {
    const auto id_token = string_member(body, "id_token");
    if (!id_token || !is_token(*id_token)) return unusable("has no usable id_token");
    tokens.id_token = Secret(*id_token);
  }
  return tokens;
}

}  // namespace

Result<Tokens> parse_token_response(const HttpResponse& response, Instant now, RefineRefusal refine) {
  const bool json = response.media_type() == "application/json";
  const Json body = json ? parse_json_object(response.body.reveal()) : nullptr;
  if (response.status != 200) {
    Error error = refusal(response, body.get(), now);
    if (refine != nullptr && body) refine(body.get(), error);
    return error;
  }
  if (!json)
    return Error{.fault = Fault::unavailable, .what = "the token endpoint answered something that isn't JSON"};
  if (!body) return unusable("isn't a JSON object");
  return tokens_from(body.get(), now);
}

}  // namespace calint::oauth
