// The seam to a calendar provider: what it can do for us, capability by capability. Each provider builds requests and
// parses replies in pure functions (in its folder); the classes beside them only send.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/provider_id.h"
#include "base/result.h"
#include "base/secret.h"
#include "calendar/calendar.h"
#include "oauth/client_assertion.h"
#include "oauth/tokens.h"
#include "pages/text.h"
#include "provider/changes.h"
#include "provider/events.h"

namespace calint {

// What a flow needs to send a browser to the provider.
struct AuthorizeParameters {
  std::string client_id;
  std::string redirect_uri;
  std::string state;
  std::string nonce;
  std::string code_challenge;
  std::string login_hint;  // empty: none
  std::string tenant = {};  // Outlook's, of the client; empty: as configured
};

// The OAuth client that a call acts for. It has a secret, or a certificate where the provider takes one.
struct OAuthClient {
  std::string client_id;
  Secret client_secret;
  oauth::ClientCertificate certificate = nullptr;
  std::string tenant = {};  // Outlook's, where the client has one of its own; empty: as configured
};

struct CodeExchange {
  Secret code;
  Secret code_verifier;
  std::string redirect_uri;
  std::string nonce;
};

// What a stored connection reads calendars with.
struct Access {
  Secret token;         // OAuth's access token, or the password that stands in for it
  std::string account;  // who signs in with that password; OAuth providers don't look at it
  std::string memory;   // of the last list; empty: none
};

struct CalendarList {
  std::vector<Calendar> calendars;  // of the account, primary first
  // What the provider wants to be told at the next call for this account, in words of its own; nothing secret.
  std::string memory = {};
  bool is_cut = false;  // there are more than are taken of an account (provider/shared/calendar_list.h)
};

// What an exchange brought. `missing_scopes` names what the user left unticked, in the provider's words.
struct Grant {
  oauth::Tokens tokens;
  oauth::Subject subject;
  std::vector<std::string> missing_scopes;
  // Why the id_token isn't believed. The grant must be given up then; subject.key is what the token claims, to find
  // out who else may hold the grant, and empty where it claims nothing.
  std::optional<Error> identity_error = std::nullopt;
  // Where the access was tried before it was granted to us: what that read.
  std::optional<CalendarList> list = std::nullopt;
};

// What an authorization error means to the user (RFC 6749, 4.1.2.1).
enum class Refusal {
  denied,         // they said no
  admin_consent,  // an administrator of their organisation must allow it first
  failed
};

// Where a user withdraws the access by hand.
struct WithdrawPage {
  std::string url;
  pages::Text name;  // as the provider calls the page, and for which accounts
};

// A capability is safe to call from any thread. Every call ends by its deadline. Errors carry the fault by which the
// caller reacts (providers.md, section 1): reconnect, operator_fault, rate_limited, unavailable, ...

// Access granted by OAuth 2.0 (RFC 6749).
class OAuth {
 public:
  virtual ~OAuth() = default;

  // Whether authorization responses must carry `iss`, and which (RFC 9207); "" where they don't.
  virtual std::string issuer() const = 0;

  // The URL of the consent page, with every parameter. Pure.
  virtual std::string authorize_url(const AuthorizeParameters& parameters) const = 0;

  // What the answer's `error` and `error_description` mean. Pure.
  virtual Refusal refusal(std::string_view error, std::string_view description) const = 0;

  // Presents the code once and checks the id_token (iss, aud, exp, nonce). Scopes, refresh token and a believable
  // identity may be missing: the caller decides, because there is a grant by then. bad_input where the code itself was
  // refused; Error::nothing_sent tells whether it can still be used.
  virtual Result<Grant> exchange(const OAuthClient& client, const CodeExchange& exchange, Instant now,
                                 Deadline deadline) = 0;

  // RFC 6749, section 6. reconnect for invalid_grant and its like. A new refresh token replaces the one presented;
  // where none comes, that one stays.
  virtual Result<oauth::Tokens> refresh(const OAuthClient& client, const Secret& refresh_token, Instant now,
                                        Deadline deadline) = 0;

  // RFC 7009 as the provider speaks it. A token that is already dead counts as revoked. Asked only where
  // has_revocation(id).
  virtual Status revoke(const Secret& token, Instant now, Deadline deadline) = 0;
};

// Access without OAuth: the user makes a password for us, and it is tried before anything is stored.
class PasswordAccess {
 public:
  virtual ~PasswordAccess() = default;

  // What was typed, as it is sent: blanks around it don't count, nor do what people get wrong in copying. bad_input,
  // with Detail::missing or too_long where it is that, where it can't be right. Pure.
  virtual Result<std::string> normalised_account(std::string_view typed) const = 0;
  virtual Result<Secret> normalised_password(const Secret& typed) const = 0;

  // Finds the account and reads its calendars: the grant has both, and the password as its token. reconnect with
  // Detail::refused where account or password are refused; bad_input where they can't be sent as they are.
  virtual Result<Grant> sign_in(const std::string& account, const Secret& password, Instant now,
                                Deadline deadline) = 0;
};

// The calendars of an account.
class Calendars {
 public:
  virtual ~Calendars() = default;

  // The validating read. reconnect with Detail::refused for a refused token or password: a token may be refreshed
  // once and the call repeated.
  virtual Result<CalendarList> list(const Access& access, Instant now, Deadline deadline) = 0;
};

// A provider as it is configured. Exactly one of `oauth` and `password` is there, as ProviderFacts says.
struct Provider {
  ProviderId id;
  std::unique_ptr<OAuth> oauth;              // null: it grants access in another way
  std::unique_ptr<PasswordAccess> password;  // null: likewise
  std::unique_ptr<Calendars> calendars;      // never null
  std::unique_ptr<Changes> changes = nullptr;  // null: its events can't be read yet
  std::unique_ptr<Events> events = nullptr;    // null: interviews can't be written there
  std::vector<WithdrawPage> withdraw_pages;  // where a user ends the access by hand; at least one
};

}  // namespace calint
