#include "provider/outlook/errors.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "provider/outlook/guid.h"
#include "provider/provider.h"
#include "provider/shared/replies.h"

namespace calint::outlook {
namespace {

// What `error` alone doesn't tell: mostly it is invalid_grant. Microsoft adds numbers; where those of one kind stand
// together, the whole range is meant.
struct NumberRow {
  int64_t first, last;
  Fault fault;
  Detail detail = Detail::none;
};

constexpr NumberRow one(int64_t number, Fault fault, Detail detail = Detail::none) {
  return {number, number, fault, detail};
}

constexpr NumberRow kNumbers[] = {
    one(65001, Fault::reconnect, Detail::admin_consent),      // consent is missing
    {90093, 90099, Fault::reconnect, Detail::admin_consent},  // only an administrator may consent
    one(900941, Fault::reconnect, Detail::admin_consent),     // the application counts as risky
    one(900981, Fault::reconnect, Detail::admin_consent),
    {50072, 50079, Fault::reconnect, Detail::sign_in_policy},  // multi-factor
    one(50097, Fault::reconnect, Detail::sign_in_policy),      // the device must sign in
    one(50158, Fault::reconnect, Detail::sign_in_policy),      // a challenge of somebody else's
    one(500121, Fault::reconnect, Detail::sign_in_policy),
    {53000, 53999, Fault::reconnect, Detail::sign_in_policy},  // conditional access
    {530000, 530999, Fault::reconnect, Detail::sign_in_policy},
    one(70043, Fault::reconnect, Detail::sign_in_policy),  // sign-in frequency
    one(50011, Fault::operator_fault),            // redirect URI
    one(700016, Fault::operator_fault),           // application unknown in the tenant
    one(7000112, Fault::operator_fault),          // application switched off
    {7000215, 7000222, Fault::operator_fault},    // secret wrong, expired or missing
    one(70002, Fault::operator_fault),
    {700021, 700030, Fault::operator_fault},  // certificate and assertion; registered as a public client
    one(700084, Fault::operator_fault),       // registered as a single-page application
    one(70011, Fault::operator_fault),        // scope
    one(700005, Fault::operator_fault),       // code of another tenant's endpoint
    one(50194, Fault::operator_fault),        // endpoint and registration don't fit
    one(9002332, Fault::operator_fault),
    one(900382, Fault::operator_fault),
    one(900432, Fault::operator_fault),
    one(50196, Fault::rate_limited),  // the same request too often
    one(50033, Fault::unavailable),
    one(90024, Fault::unavailable),
    one(90055, Fault::unavailable),
};

// What the status alone doesn't tell, or tells in different ways, by how the code begins.
struct CodeRow {
  std::string_view code;
  Fault fault;
};

constexpr CodeRow kCodes[] = {
    {"SyncState", Fault::resync},
    {"Resync", Fault::resync},
    {"ErrorDuplicateTransactionId", Fault::conflict},
    {"ErrorIrresolvableConflict", Fault::conflict},
    {"ErrorMailboxStoreUnavailable", Fault::unavailable},
    {"ErrorServerBusy", Fault::unavailable},
    {"ApplicationThrottled", Fault::rate_limited},
    {"TooManyRequests", Fault::rate_limited},
    {"ActivityLimitReached", Fault::rate_limited},
};

// Of one event alone. What guests are sent has limits of its own.
constexpr CodeRow kEventCodes[] = {
    {kUnknownZone, Fault::bad_input},
    {"ErrorInvalidRecipients", Fault::bad_input},
    {"ErrorPropertyValidationFailure", Fault::bad_input},
    {"ErrorMessageSizeExceeded", Fault::bad_input},
    {"ErrorExceededMessageLimit", Fault::rate_limited},
    {"ErrorMessageSubmissionBlocked", Fault::rate_limited},
    {"ErrorSubmissionQuotaExceeded", Fault::rate_limited},
    {"ErrorQuotaExceeded", Fault::rate_limited},
};

// Limits that are lifted after hours, not seconds.
constexpr std::chrono::seconds kQuotaPause = std::chrono::hours(1);

template <size_t N>
const CodeRow* find(const CodeRow (&rows)[N], const std::string& code) {
  for (const CodeRow& row : rows)
    if (strncasecmp(row.code.data(), code.c_str(), row.code.size()) == 0) return &row;
  return nullptr;
}

Fault fault_of(int status, const std::string& code) {
  if (const CodeRow* row = find(kCodes, code)) return row->fault;
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

// All that an answer names: it may be several.
std::vector<int64_t> numbers_of(const json_t* body) {
  std::vector<int64_t> numbers;
  const json_t* codes = json_object_get(body, "error_codes");
  for (size_t i = 0; i < json_array_size(codes); ++i)
    if (const json_t* code = json_array_get(codes, i); json_is_integer(code))
      numbers.push_back(json_integer_value(code));
  if (numbers.empty())
    if (const int64_t number = number_in(string_member(body, "error_description").value_or("")); number > 0)
      numbers.push_back(number);
  return numbers;
}

// OpenID Connect Core, 3.1.2.6.
bool asks_for_consent(std::string_view error) { return error == "consent_required"; }

const NumberRow* find(int64_t number) {
  const auto* found = std::find_if(std::begin(kNumbers), std::end(kNumbers),
                                   [&](const NumberRow& row) { return row.first <= number && number <= row.last; });
  return found == std::end(kNumbers) ? nullptr : found;
}

}  // namespace

void refine_refusal(const json_t* body, Error& error) {
  const std::vector<int64_t> numbers = numbers_of(body);
  const auto known = std::find_if(numbers.begin(), numbers.end(), [](int64_t one) { return find(one) != nullptr; });
  const int64_t number = known != numbers.end() ? *known : numbers.empty() ? 0 : numbers.front();
  if (number > 0) error.what += fmt::format(", AADSTS{}", number);
  if (const std::string trace = guid(string_member(body, "trace_id").value_or("")); !trace.empty())
    error.what += ", trace id " + trace;
  if (asks_for_consent(error.code) || string_member(body, "suberror") == "consent_required")
    error.detail = Detail::admin_consent;
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
  constexpr int64_t kUserDeclined = 65004;
  const int64_t number = number_in(description);
  const NumberRow* row = find(number);
  if (asks_for_consent(error) || (row != nullptr && row->detail == Detail::admin_consent)) return true;
  // Who says no themselves comes without a number, or with that one. Any other was said no by their organisation.
  return error == "access_denied" && number != 0 && number != kUserDeclined;
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
    const bool challenged = response.says("www-authenticate", "insufficient_claims");
    error.fault = Fault::reconnect;
    error.code = "401";
    error.detail = challenged ? Detail::sign_in_policy : Detail::refused;
  } else if (response.status == 429) {
    error.fault = Fault::rate_limited;
  } else if (body) {
    error.fault = fault_of(response.status, error.code);
  }
  // What Graph limits in practice is an app's requests to one mailbox (3.12).
  if (body && error.fault == Fault::rate_limited) error.detail = Detail::own_limit;
  const bool no_mailbox = contains(error.code, "MailboxNot") || contains(error.code, "NonExistentMailbox");
  if (no_mailbox && (response.status == 403 || response.status == 404)) {
    error.fault = Fault::forbidden;
    error.detail = Detail::no_mailbox;
  }
  return error;
}

Error event_error(const HttpResponse& response, Instant now) {
  Error error = api_error(response, now);
  const bool is_answer = response.status >= 400 && response.status < 500 && error.fault != Fault::unavailable;
  if (const CodeRow* row = is_answer ? find(kEventCodes, error.code) : nullptr) {
    error.fault = row->fault;
    if (row->fault == Fault::rate_limited) error.retry_after = std::max(error.retry_after, kQuotaPause);
  }
  if (error.fault == Fault::resync) error.fault = Fault::gone;
  return error;
}

}  // namespace calint::outlook
