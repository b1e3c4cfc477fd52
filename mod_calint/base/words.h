// Words that we branch on: enums, each with the one table of its names as the database, URLs and the ATS know them.
// What comes from outside is parsed by that table; a word that isn't in it parses to nothing. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace calint {

template <typename Enum>
struct Word {
  Enum value;
  std::string_view name;
};

// In the order of the enum, and no name twice.
template <typename Enum, size_t N>
constexpr bool is_word_table(const std::array<Word<Enum>, N>& words) {
  for (size_t i = 0; i < N; ++i) {
    if (static_cast<size_t>(words[i].value) != i || words[i].name.empty()) return false;
    for (size_t before = 0; before < i; ++before)
      if (words[before].name == words[i].name) return false;
  }
  return true;
}

template <typename Enum, size_t N>
constexpr std::optional<Enum> parse_word(const std::array<Word<Enum>, N>& words, std::string_view name) {
  for (const Word<Enum>& word : words)
    if (word.name == name) return word.value;
  return std::nullopt;
}

// What a page tells a person once, above everything else: `calint_notice` in its URL (contract, section 4).
enum class Notice {
  connected,
  reconnected,
  switched,
  disconnected,
  denied,                  // by the user, at the provider
  admin_consent_required,  // an administrator of the user's organisation must allow it first
  provider_error,
  exchange_failed,
  misconfigured,
  scope_missing,
  validation_failed,
  provider_unavailable,
  rate_limited,
  saved,
  sync_started,
};

inline constexpr std::array<Word<Notice>, 15> kNotices = {{
    {Notice::connected, "connected"},
    {Notice::reconnected, "reconnected"},
    {Notice::switched, "switched"},
    {Notice::disconnected, "disconnected"},
    {Notice::denied, "denied"},
    {Notice::admin_consent_required, "admin_consent_required"},
    {Notice::provider_error, "provider_error"},
    {Notice::exchange_failed, "exchange_failed"},
    {Notice::misconfigured, "misconfigured"},
    {Notice::scope_missing, "scope_missing"},
    {Notice::validation_failed, "validation_failed"},
    {Notice::provider_unavailable, "provider_unavailable"},
    {Notice::rate_limited, "rate_limited"},
    {Notice::saved, "saved"},
    {Notice::sync_started, "sync_started"},
}};
static_assert(is_word_table(kNotices));

constexpr std::string_view to_string(Notice notice) { return kNotices[static_cast<size_t>(notice)].name; }
// Whether it tells that a flow did what the user wanted.
constexpr bool has_ended_well(Notice notice) {
  return notice == Notice::connected || notice == Notice::reconnected || notice == Notice::switched;
}
constexpr std::optional<Notice> parse_notice(std::string_view name) { return parse_word(kNotices, name); }

// calendar_integrations.status (contract, section 9).
enum class ConnectionStatus {
  connected,
  inactive,
  expired,  // its user has to connect again
  error,    // doesn't work now; tried again
};

inline constexpr std::array<Word<ConnectionStatus>, 4> kConnectionStatuses = {{
    {ConnectionStatus::connected, "connected"},
    {ConnectionStatus::inactive, "inactive"},
    {ConnectionStatus::expired, "expired"},
    {ConnectionStatus::error, "error"},
}};
static_assert(is_word_table(kConnectionStatuses));

constexpr std::string_view to_string(ConnectionStatus status) {
  return kConnectionStatuses[static_cast<size_t>(status)].name;
}
constexpr std::optional<ConnectionStatus> parse_connection_status(std::string_view name) {
  return parse_word(kConnectionStatuses, name);
}

// Why something is as it is.
enum class Reason {
  // Of a connection that doesn't work, or not wholly: calendar_integrations.last_error, and the audit row about it.
  not_validated,         // its calendars were never read yet
  misconfigured,         // the operator's to mend
  rate_limited,
  no_mailbox,            // the account has none, so it has no calendar either
  access_withdrawn,      // the token or password is refused
  access_refused,        // by the calendar service alone, for a while perhaps: the grant lives
  sign_in_policy,        // the user's organisation wants them to sign in anew
  provider_unavailable,
  list_cut,              // of one that works: its account has more calendars than are taken
  // Of an audit row alone.
  admin_consent,         // of a denied connection: an administrator must allow it first
  left,                  // of a disconnection: the user is no longer entitled
  held_elsewhere,        // of a revocation that wasn't made: somebody else holds the grant
  past_deadline,         // the same: it was tried for too long
};

inline constexpr std::array<Word<Reason>, 13> kReasons = {{
    {Reason::not_validated, "not_validated"},
    {Reason::misconfigured, "operator"},
    {Reason::rate_limited, "rate_limited"},
    {Reason::no_mailbox, "no_mailbox"},
    {Reason::access_withdrawn, "access_withdrawn"},
    {Reason::access_refused, "access_refused"},
    {Reason::sign_in_policy, "sign_in_policy"},
    {Reason::provider_unavailable, "provider_unavailable"},
    {Reason::list_cut, "list_cut"},
    {Reason::admin_consent, "admin_consent"},
    {Reason::left, "left"},
    {Reason::held_elsewhere, "held_elsewhere"},
    {Reason::past_deadline, "past_deadline"},
}};
static_assert(is_word_table(kReasons));

constexpr std::string_view to_string(Reason reason) { return kReasons[static_cast<size_t>(reason)].name; }
constexpr std::optional<Reason> parse_reason(std::string_view name) { return parse_word(kReasons, name); }

}  // namespace calint
