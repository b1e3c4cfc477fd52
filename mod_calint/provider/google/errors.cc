#include "provider/google/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "provider/shared/replies.h"

namespace calint::google {
namespace {

// Use limits that Google lifts after hours, not seconds.
constexpr std::chrono::seconds kQuotaPause = std::chrono::hours(1);

struct Row {
  int status;
  std::string_view reason;  // as folded() writes it; with a '*' at its end: what begins so
  Fault fault;
  Detail detail = Detail::none;
};

// One reason has two spellings: of the Calendar API, and of google.rpc.ErrorInfo.
constexpr Row kRows[] = {
    // 600 a minute of each user (2.14); without that word it may be the project's.
    {403, "userratelimitexceeded*", Fault::rate_limited, Detail::own_limit},
    {429, "userratelimitexceeded*", Fault::rate_limited, Detail::own_limit},
    {403, "ratelimitexceeded*", Fault::rate_limited},
    {403, "quotaexceeded", Fault::rate_limited, Detail::own_limit},
    {403, "resourcequotaexceeded", Fault::rate_limited},
    // The project's, not the user's: a service that isn't switched on, a suspended or unpaid project, its key.
    {403, "dailylimitexceeded*", Fault::operator_fault},
    {403, "accessnotconfigured", Fault::operator_fault},
    {403, "servicedisabled", Fault::operator_fault},
    {403, "servicenotvisible", Fault::operator_fault},
    {403, "billing*", Fault::operator_fault},
    {403, "consumer*", Fault::operator_fault},
    {403, "userprojectdenied", Fault::operator_fault},
    {403, "apikey*", Fault::operator_fault},
    {403, "insufficientpermissions", Fault::reconnect},
    {403, "accesstokenscopeinsufficient", Fault::reconnect},
    {409, "duplicate", Fault::conflict},
    {409, "conflict", Fault::unavailable},
    {410, "fullsyncrequired", Fault::resync},
    {410, "updatedmintoolongago", Fault::resync},
};

// "SERVICE_DISABLED" and "serviceDisabled" are one.
std::string folded(std::string_view reason) {
  std::string one;
  for (const char c : reason)
    if (c != '_') one += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return one;
}

const Row* find(int status, std::string_view reason) {
  const std::string wanted = folded(reason);
  for (const Row& row : kRows) {
    const bool is_family = row.reason.ends_with('*');
    const std::string_view name = row.reason.substr(0, row.reason.size() - (is_family ? 1 : 0));
    if (row.status == status && (is_family ? wanted.starts_with(name) : wanted == name)) return &row;
  }
  return nullptr;
}

// All that are named, in `errors` and where a newer backend leaves that out in `details`.
std::vector<std::string_view> reasons_of(const json_t* body) {
  std::vector<std::string_view> reasons;
  const json_t* error = json_object_get(body, "error");
  for (const char* list : {"errors", "details"}) {
    const json_t* entries = json_object_get(error, list);
    for (size_t i = 0; i < json_array_size(entries); ++i)
      if (auto reason = string_member(json_array_get(entries, i), "reason")) reasons.push_back(*reason);
  }
  return reasons;
}

struct Verdict {
  Fault fault;
  Detail detail;
  std::string_view reason;  // the one that decided, or the first
};

Verdict verdict(int status, const std::vector<std::string_view>& reasons) {
  for (const std::string_view reason : reasons)
    if (const Row* row = find(status, reason)) return {row->fault, row->detail, reason};
  return {provider::fault_of_status(status), Detail::none, reasons.empty() ? std::string_view() : reasons.front()};
}

}  // namespace

Error api_error(const HttpResponse& response, Instant now) {
  const Json body = provider::json_body(response);
  const auto [fault, detail, reason] = verdict(response.status, reasons_of(body.get()));
  Error error{.fault = fault,
              .what = fmt::format("the Calendar API answered {}", response.status),
              .code = provider::plain_word(reason),
              .detail = detail,
              .retry_after = response.retry_after(now)};
  if (response.status == 401) {
    error.code = "401";
    error.detail = Detail::refused;
  } else if (response.status == 403 && response.says("www-authenticate", "insufficient_scope")) {
    error.fault = Fault::reconnect;
  } else if (!body && response.status != 429) {
    error.fault = Fault::unavailable;
  }
  if (response.status == 403 && folded(reason).ends_with("quotaexceeded"))
    error.retry_after = std::max(error.retry_after, kQuotaPause);
  return error;
}

Error event_error(const HttpResponse& response, Instant now) {
  Error error = api_error(response, now);
  if (error.fault == Fault::reconnect && error.detail != Detail::refused) error.fault = Fault::forbidden;
  if (error.fault == Fault::conflict && response.status == 409 && error.code != "duplicate")
    error.fault = Fault::unavailable;
  if (response.status == 400 && error.code == "invalid") {
    // Which member it is, the message alone tells.
    const Json body = provider::json_body(response);
    const std::string said = lower_case(string_member(json_object_get(body.get(), "error"), "message").value_or(""));
    error.fault = Fault::bad_input;
    if (said.find("conference") != std::string::npos) error.detail = Detail::no_room;
  }
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
