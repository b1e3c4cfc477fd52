// A service key: what an ATS's back end proves itself with, and its line in the file of CalIntServiceKeyFile. Values.
#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/words.h"

namespace calint {

// What a key may be used for.
enum class Scope { availability, events, changes };

inline constexpr std::array<Word<Scope>, 3> kScopes = {{
    {Scope::availability, "availability"},
    {Scope::events, "events"},
    {Scope::changes, "changes"},
}};
static_assert(is_word_table(kScopes));

constexpr std::string_view to_string(Scope scope) { return kScopes[static_cast<size_t>(scope)].name; }

using Scopes = std::bitset<kScopes.size()>;

struct ServiceKey {
  std::string name;                          // for people and logs
  std::string digest;                        // SHA-256 of the key, 64 lower-case hex digits
  std::optional<std::string> organization;   // unset: any one, which each call names; '': an ATS without organisations
  Scopes scopes;                             // one at least
  std::optional<Instant> expires_at;         // unset: never

  bool may(Scope scope) const { return scopes[static_cast<size_t>(scope)]; }
  bool is_expired(Instant now) const { return expires_at && *expires_at <= now; }
};

// "calint_" and 256 random bits as base64url.
Secret make_service_key();
std::string digest_of_service_key(const Secret& key);

// "availability,events"; nullopt where one is unknown or twice, or there is none.
std::optional<Scopes> parse_scopes(std::string_view text);
std::string scopes_text(const Scopes& scopes);

// 1 to 64 letters, digits, '.', '_' and '-'.
bool is_service_key_name(std::string_view name);

// name sha256 organization_id|* scopes expiry|-
//
// An organisation's id is percent-encoded where it isn't plain; '-' stands for none, as in an ATS without
// organisations. bad_input, which says what is wrong and nothing of the digest.
Result<ServiceKey> parse_service_key(std::string_view line);
std::string service_key_line(const ServiceKey& key);

// The whole file: a key a line, empty lines and those that begin with '#' left out.
struct ServiceKeyLines {
  struct Wrong {
    size_t number;  // from 1
    std::string what;
  };
  std::vector<ServiceKey> keys;
  std::vector<Wrong> wrong;  // what can't be read, and names that stand twice; the other keys count all the same
};
ServiceKeyLines parse_service_keys(std::string_view text);

// The file's text without this name's line; nullopt where it has none.
std::optional<std::string> without_service_key(std::string_view text, std::string_view name);

}  // namespace calint
