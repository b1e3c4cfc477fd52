// What an administrator configured, as plain values. Filled by the directives (httpd/config) and by
// calintctl's options; read-only once the runtime exists.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/provider_id.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/url.h"
#include "oauth/client_assertion.h"
#include "provider/providers.h"

namespace calint {

enum class Identity { remote_user, session, environment };
enum class Prepare { automatic, on, off };

// Of 10,000 that Google gives to a project; what is left is for lists, interviews and people who wait.
inline constexpr int kRequestsPerMinute = 6000;

// <CalIntProvider>.
struct ProviderSettings : ProviderAddresses {
  std::string client_id;
  std::string client_secret_source;   // as written: text, file:, exec: or credential:
  Secret client_secret;               // as read at start
  std::string client_certificate;     // path of a PEM file; empty: the client has a secret
  std::string client_key_source;      // file:, exec: or credential:
  oauth::ClientCertificate certificate;  // as read at start; nullptr: the client has a secret
  int requests_per_minute = 0;        // that an OAuth client makes to read calendars; 0: kRequestsPerMinute

  // The server's own client.
  OAuthClient client() const {
    return {.client_id = client_id, .client_secret = client_secret, .certificate = certificate};
  }
};

struct Settings {
  std::string database;                          // conninfo, or exec:/path
  unsigned database_pool = 16;                   // connections of the whole node
  Prepare database_prepare = Prepare::automatic;
  std::string database_listen;                   // conninfo, or exec:/path, of background work's LISTEN; empty: none
  std::string key_file;                          // path, exec: or credential:
  std::string service_key_file;                  // path; empty: there are no service keys
  std::optional<Url> public_url;                 // redirect URIs are built from it
  Identity identity = Identity::remote_user;
  std::string identity_name;                     // session key or environment variable
  std::optional<Identity> organization_from;     // session or environment; unset: logins are unique
  std::string organization_name;
  std::map<ProviderId, ProviderSettings> providers;  // present = switched on
  std::chrono::seconds state_lifetime{600};
  std::vector<std::string> return_to = {"/"};
  std::chrono::seconds refresh_lead{300};
  std::chrono::seconds expiry_grace{86400};
  std::chrono::days sync_past{7};                // of which busy time is kept
  std::chrono::days sync_future{180};
  std::chrono::seconds sync_interval{600};       // between two looks at a calendar, at most
  std::chrono::seconds stale_after{1800};        // age from which busy time is called stale
  bool unknown_is_free = false;                  // how slot finding takes time that nobody knows
  std::chrono::milliseconds connect_timeout{2000};
  std::chrono::milliseconds total_timeout{5000};
  bool worker = true;                            // whether this node does background work
  unsigned provider_concurrency = 0;             // of the node; 0: a quarter of its workers
  std::string proxy;
  std::string ca_file;
  std::string template_dir;
  std::vector<std::string> frame_ancestors;      // empty: 'none'
  bool allow_insecure_loopback = false;
};

inline constexpr std::chrono::seconds kClockSkew{60};
inline constexpr std::chrono::milliseconds kCallbackDeadline{5000};

}  // namespace calint
