#include "provider/google/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "provider/shared/replies.h"

namespace calint::google {
namespace {

// Use limits that Google lifts after hours, not seconds.
constexpr std::chrono::seconds kQuotaPause = std::chrono::hours(1);

struct Row {
  int status;
  std::string_view reason;
  Fault fault;
};

constexpr Row kRows[] = {
    {403, "userRateLimitExceeded", Fault::rate_limited},
    {403, "rateLimitExceeded", Fault::rate_limited},
    {403, "quotaExceeded", Fault::rate_limited},
    {403, "dailyLimitExceeded", Fault::operator_fault},
    {403, "accessNotConfigured", Fault::operator_fault},
    {403, "insufficientPermissions", Fault::reconnect},
    {403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", Fault::reconnect},
    {409, "duplicate", Fault::conflict},
    {409, "conflict", Fault::unavailable},
    {410, "fullSyncRequired", Fault::resync},
    {410, "updatedMinTooLongAgo", Fault::resync},
};

Fault fault_of(int status, std::string_view reason) {
  for (const Row& row : kRows)
    if (row.status == status && row.reason == reason) return row.fault;
  return provider::fault_of_status(status);
}

// errors[0].reason, or where a newer backend leaves that out, details[].reason.
std::string_view reason_of(const json_t* body) {
  const json_t* error = json_object_get(body, "error");
  if (auto reason = string_member(json_array_get(json_object_get(error, "errors"), 0), "reason")) return *reason;
  const json_t* details = json_object_get(error, "details");
  for (size_t i = 0; i < json_array_size(details); ++i)
    if (auto reason = string_member(json_array_get(details, i), "reason")) return *reason;
  return "";
}

bool names_insufficient_scope(const HttpResponse& response) {
  return response.header("www-authenticate").find("error=\"insufficient_scope\"") != std::string_view::npos;
}

}  // namespace

Error api_error(const HttpResponse& response, Instant now) {
  const Json body = provider::json_body(response);
  const std::string_view reason = reason_of(body.get());
  Error error{.fault = fault_of(response.status, reason),
              .what = fmt::format("the Calendar API answered {}", response.status),
              .code = provider::plain_word(reason),
              .retry_after = response.retry_after(now)};
  if (response.status == 401) {
    error.code = "401";
    error.detail = Detail::refused;
  } else if (response.status == 403 && names_insufficient_scope(response)) {
    error.fault = Fault::reconnect;
  } else if (!body && response.status != 429) {
    error.fault = Fault::unavailable;
  }
  if (response.status == 403 && reason == "quotaExceeded") error.retry_after = std::max(error.retry_after, kQuotaPause);
  return error;
}

Status parse_revocation(const HttpResponse& response, Instant now) {
  if (response.status == 200) return {};
  const Json body = provider::json_body(response);
  const std::string_view word = string_member(body.get(), "error").value_or("");
  if (response.status == 400 && word == "invalid_token") return {};
  Error error{.fault = Fault::unavailable,
              .what = fmt::format("the revocation endpoint answered {}", response.status),
              .code = provider::plain_word(word),
              .retry_after = response.retry_after(now)};
  if (response.status == 429) {
    error.fault = Fault::rate_limited;
  } else if (response.status < 500 && (word == "invalid_client" || word == "unauthorized_client")) {
    error.fault = Fault::operator_fault;
  } else if (response.status == 400 && word == "invalid_request") {
    error.fault = Fault::bug;
  }
  return error;
}

}  // namespace calint::google
