#include "provider/outlook/errors.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>

#include "provider/outlook/guid.h"
#include "provider/provider.h"
#include "provider/shared/replies.h"

namespace calint::outlook {
namespace {

// What `error` alone doesn't tell: mostly it is invalid_grant.
struct NumberRow {
  int64_t number;
  Fault fault;
  Detail detail = Detail::none;
};

constexpr NumberRow kNumbers[] = {
    {65001, Fault::reconnect, Detail::admin_consent},     // consent is missing
    {90094, Fault::reconnect, Detail::admin_consent},
    {90095, Fault::reconnect, Detail::admin_consent},
    {50074, Fault::reconnect, Detail::sign_in_policy},    // multi-factor
    {50076, Fault::reconnect, Detail::sign_in_policy},
    {50078, Fault::reconnect, Detail::sign_in_policy},
    {50079, Fault::reconnect, Detail::sign_in_policy},
    {53000, Fault::reconnect, Detail::sign_in_policy},    // conditional access
    {53003, Fault::reconnect, Detail::sign_in_policy},
    {70043, Fault::reconnect, Detail::sign_in_policy},    // sign-in frequency
    {50011, Fault::operator_fault},                       // redirect URI
    {700016, Fault::operator_fault},                      // application unknown in the tenant
    {7000112, Fault::operator_fault},                     // application switched off
    {7000215, Fault::operator_fault},                     // secret wrong
    {7000222, Fault::operator_fault},                     // secret expired
    {7000218, Fault::operator_fault},                     // client authentication missing
    {70002, Fault::operator_fault},
    {700025, Fault::operator_fault},                      // registered as a public client
    {700084, Fault::operator_fault},                      // registered as a single-page application
    {70011, Fault::operator_fault},                       // scope
    {700005, Fault::operator_fault},                      // code of another tenant's endpoint
    {50194, Fault::operator_fault},                       // endpoint and registration don't fit
    {9002332, Fault::operator_fault},
    {900382, Fault::operator_fault},
    {900432, Fault::operator_fault},
    {50196, Fault::rate_limited},                         // the same request too often
    {50033, Fault::unavailable},
    {90024, Fault::unavailable},
    {90055, Fault::unavailable},
};

// What the status alone doesn't tell, or tells in different ways.
struct CodeRow {
  const char* code;
  Fault fault;
};

constexpr CodeRow kCodes[] = {
    {"SyncStateNotFound", Fault::resync},           {"SyncStateInvalid", Fault::resync},
    {"ResyncRequired", Fault::resync},              {"ErrorDuplicateTransactionId", Fault::conflict},
    {"ErrorIrresolvableConflict", Fault::conflict}, {"ErrorMailboxStoreUnavailable", Fault::unavailable},
    {"ErrorServerBusy", Fault::unavailable},        {"ApplicationThrottled", Fault::rate_limited},
    {"TooManyRequests", Fault::rate_limited},       {"ActivityLimitReached", Fault::rate_limited},
};

Fault fault_of(int status, const std::string& code) {
  for (const CodeRow& row : kCodes)
    if (strcasecmp(row.code, code.c_str()) == 0) return row.fault;
  // Whatever code it has: only cursors end so.
  return status == 410 ? Fault::resync : provider::fault_of_status(status);
}

bool contains(std::string_view text, const char* part) {
  const std::string copy(text);
  return strcasestr(copy.c_str(), part) != nullptr;
}

// The number that a description begins with; 0 where there is none.
int64_t number_in(std::string_view description) {
  constexpr std::string_view kPrefix = "AADSTS";
  int64_t number = 0;
  if (!description.starts_with(kPrefix)) return 0;
  description.remove_prefix(kPrefix.size());
  std::from_chars(description.data(), description.data() + description.size(), number);
  return number;
}

int64_t number_of(const json_t* body) {
  const json_t* first = json_array_get(json_object_get(body, "error_codes"), 0);
  if (json_is_integer(first)) return json_integer_value(first);
  return number_in(string_member(body, "error_description").value_or(""));
}

// OpenID Connect Core, 3.1.2.6.
bool asks_for_consent(std::string_view error) { return error == "consent_required"; }

const NumberRow* find(int64_t number) {
  const auto* found = std::find_if(std::begin(kNumbers), std::end(kNumbers),
                                   [&](const NumberRow& row) { return row.number == number; });
  return found == std::end(kNumbers) ? nullptr : found;
}

}  // namespace

void refine_refusal(const json_t* body, Error& error) {
  const int64_t number = number_of(body);
  if (number > 0) error.what += fmt::format(", AADSTS{}", number);
  if (const std::string trace = guid(string_member(body, "trace_id").value_or("")); !trace.empty())
    error.what += ", trace id " + trace;
  if (asks_for_consent(error.code)) error.detail = Detail::admin_consent;
  // A 429 or 5xx says nothing about the grant, whatever number comes along.
  const bool is_refusal = error.fault == Fault::reconnect || error.fault == Fault::operator_fault;
  const NumberRow* row = find(number);
  if (row != nullptr && is_refusal) {
    error.fault = row->fault;
    if (row->detail != Detail::none) error.detail = row->detail;
  }
  if (error.fault == Fault::operator_fault && number > 0) error.code = fmt::format("AADSTS{}", number);
}

bool asks_for_admin_consent(std::string_view error, std::string_view description) {
  const NumberRow* row = find(number_in(description));
  return asks_for_consent(error) || (row != nullptr && row->detail == Detail::admin_consent);
}

Error api_error(const HttpResponse& response, Instant now) {
  const Json body = provider::json_body(response);
  const json_t* said = json_object_get(body.get(), "error");
  Error error{.fault = Fault::unavailable,
              .what = fmt::format("Graph answered {}", response.status),
              .code = provider::plain_word(string_member(said, "code").value_or("")),
              .retry_after = response.retry_after(now)};
  if (const std::string id = guid(response.header("request-id")); !id.empty()) error.what += ", request id " + id;
  if (response.status == 401) {
    const bool challenged = contains(response.header("www-authenticate"), "error=\"insufficient_claims\"");
    error.fault = Fault::reconnect;
    error.code = "401";
    error.detail = challenged ? Detail::sign_in_policy : Detail::refused;
  } else if (response.status == 429) {
    error.fault = Fault::rate_limited;
  } else if (body) {
    error.fault = fault_of(response.status, error.code);
  }
  const bool no_mailbox = contains(error.code, "MailboxNot") || contains(error.code, "NonExistentMailbox");
  if (no_mailbox && (response.status == 403 || response.status == 404)) {
    error.fault = Fault::forbidden;
    error.detail = Detail::no_mailbox;
  }
  return error;
}

}  // namespace calint::outlook
