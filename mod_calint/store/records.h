// Rows of the database as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/provider_id.h"
#include "base/words.h"

namespace calint::store {

// A row of calint_users.
struct User {
  std::string id;
  std::string organization_id;
  std::string login;
  std::string email;
  std::string name;
  std::string time_zone;
  bool is_admin = false;
  bool is_interviewer = false;
  bool is_scheduler = false;
};

// A version of an OAuth client: an organisation's own, or the server's, which has no organisation and no secret here.
// The sealed secret is opened by the vault only.
struct ClientVersion {
  int64_t id = 0;                    // of its row; 0: it has none yet
  std::string organization_id;       // '' for the server's
  ProviderId provider = ProviderId::google;
  std::string client_id;             // '' for none, as with a password
  int64_t version = 0;               // from 1; the server's has none
  std::string tenant;                // Outlook's; '': the server's CalIntTenant
  std::optional<std::string> secret_encrypted;
  std::string seal_id;

  bool is_servers() const { return organization_id.empty(); }
};

// Tokens as they go into a row, sealed by the vault for the row's seal_id and generation.
struct SealedTokens {
  std::string access_token;
  std::optional<std::string> refresh_token;
  std::string seal_id;
  std::optional<Instant> expires_at;  // null: doesn't expire by itself
};

// A row of calendar_integrations that is active. The sealed columns are opened by the vault only.
struct Integration {
  int64_t id = 0;
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string account;
  std::string account_key;
  ClientVersion client;                              // that it was made with
  std::optional<std::string> access_token_encrypted;
  std::optional<std::string> refresh_token_encrypted;
  std::optional<Instant> token_expires_at;
  std::string seal_id;
  int64_t generation = 0;
  ConnectionStatus status = ConnectionStatus::connected;
  std::optional<Reason> last_error;                  // also null: a word that this version doesn't know
  std::optional<Instant> error_since;
  std::optional<Instant> connected_at;
  std::string calendar_id;                           // that interviews are written to; empty: none is chosen
  std::string memory;                                // what the provider wants to be told (provider/provider.h)
};

struct CalendarRow {
  std::string calendar_id;
  std::string name;
  std::string color;
  std::string access_role;
  std::string owner;         // whose it is; empty: the account's own, or nobody says
  bool is_shared = false;    // somebody else's
  bool is_primary = false;
  bool can_write = false;
  bool sync = false;         // ticked by the user
  bool gone = false;         // no longer in the account
  Instant listed_at;         // when the account's list was last read
};

// Who did something, for the audit log.
struct Actor {
  std::string user_id;     // empty: nobody (background)
  std::string ip_address;  // empty: unknown
  std::string user_agent;
};

// A token that waits to be revoked at its provider.
struct Revocation {
  std::string provider;
  std::string token_encrypted;        // sealed for calendar_jobs
  std::string seal_id;
  std::string grant_organization_id;  // of the OAuth client; '' for the server's
  std::string account_key;
};

}  // namespace calint::store
