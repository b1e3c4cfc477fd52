// View models of the pages. Every value is already what a person reads, in the language of the page.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/words.h"

namespace calint::pages {

struct Link {
  std::string url;
  std::string label;
};

// A banner on top of a page. `kind` is "success", "info", "warning" or "error".
struct Banner {
  std::string kind;
  std::string text;
  Link link = {};  // behind the text; may be empty
};

struct ProviderCard {
  std::string id;            // "google"
  std::string name;          // "Google Calendar"
  bool available = false;    // configured and offered
  std::string connect_url;   // "/calendar/auth/google?return_to=..."
};

struct CalendarRow {
  std::string id;
  std::string name;
  std::string color = {};    // "#rrggbb" or empty
  std::string detail = {};   // "shared by sam@example.com, availability only"; may be empty
  std::string synced = {};   // "Synced 5 minutes ago", or why it can't be read; may be empty
  bool primary = false;
  bool checked = false;      // synced
  bool shared = false;       // somebody else's
  bool gone = false;         // no longer in the account: can be unticked, not ticked
  bool writable = false;     // interviews can be written to it
  bool destination = false;  // interviews are written to it
};

// What went wrong with the integration and the one button that mends it.
struct Trouble {
  std::string text;          // what happened, in a person's words
  std::string since;         // "since 24 November, 14:05 UTC"
  bool offer_retry = false;
  bool offer_reconnect = false;
};

// Whether the list of calendars is read anew without anybody asking.
enum class ListReading {
  none,
  now,        // it is under way, or about to be
  elsewhere,  // it waits for background work, of which this server does none
  later,      // that didn't work out yet
};

struct Connected {
  std::string integration_id;
  std::string generation;
  std::string provider_id;
  std::string provider_name;
  std::string account;       // e-mail
  std::string status_text;   // "Connected", "Expired", "Error"
  ConnectionStatus status = ConnectionStatus::connected;  // never inactive
  std::string connected_at;  // "24 November 2026, 14:05 UTC"
  std::string last_synced;   // "5 minutes ago", "not yet"
  std::string last_synced_iso;  // RFC 3339 for <time datetime>, may be empty
  bool can_sync = false;        // somebody may ask for it
  std::vector<CalendarRow> calendars;
  std::string calendars_read;      // "5 minutes ago"; empty: nobody knows
  std::string calendars_read_iso;  // may be empty
  bool is_cut = false;             // the account has more calendars than are shown
  ListReading reading = ListReading::none;
  std::string reload_url;          // this page, as it is by then
  std::string destination_trouble;  // why interviews can't be written now; empty: they can
  std::string reconnect_url;
  std::string disconnect_url;
  std::optional<Trouble> trouble;
};

// A revocation that the provider hasn't confirmed yet.
struct PendingRevocation {
  std::string provider_name;
  std::vector<Link> withdraw_pages;  // where the user can do it by hand
  std::string job_id;
};

// An interview that stays in a calendar that was disconnected.
struct StrandedInterview {
  std::string title;
  std::string time;      // "24 November 2026, 14:05 (Europe/Berlin)"
  std::string time_iso;  // RFC 3339
  std::string provider_name;
  bool is_cancelled = false;
};

struct SettingsPage {
  std::string user_name;     // whose calendar this is, so that a planted session is noticed
  std::string user_login;
  std::string csrf;
  std::optional<Banner> notice;
  std::vector<ProviderCard> providers;    // to connect, or once connected to switch to; only available ones show
  std::optional<Connected> connected;
  std::optional<PendingRevocation> pending_revocation;
  std::vector<StrandedInterview> stranded;
  int64_t more_stranded = 0;  // that aren't listed
  std::string back_url;  // where the user came from; may be empty
};

struct DisconnectPage {
  std::string user_name, user_login, csrf, integration_id, generation;
  std::string provider_name, account;
  bool revokes = false;              // the provider ends the access; otherwise withdraw_pages tell where
  std::vector<Link> withdraw_pages;  // may be several: whose account it is decides
  int64_t interviews = 0;            // upcoming ones in its calendars, which stay there
};

// "Switch": names what will be disconnected. With nothing connected any more it offers a plain start.
struct SwitchPage {
  std::string user_name, user_login, csrf;
  std::string to_provider_id, to_provider_name;
  std::string from_provider_name, from_account;  // empty: nothing is connected now
  std::string integration_id, generation;        // of what it names; "0": nothing
  int64_t interviews = 0;        // upcoming ones in its calendars, which stay there
  std::string why;               // "Your connection changed while you were at Google." or empty
  std::string return_to;         // empty: none
};

// Takes what a provider without OAuth needs: an Apple ID and an app-specific password, which is never shown again.
struct CredentialsPage {
  std::string user_name, user_login, csrf;
  std::string provider_id, provider_name;
  std::optional<Banner> notice;
  std::string account;                              // what the field holds already
  std::string account_error, password_error;        // beside the fields; empty: none
  std::string replaces_provider, replaces_account;  // what a switch will disconnect; empty: it isn't one
  std::string integration_id, generation;           // the connection that the page was made for; "0": none
  bool reconnects = false;
  Link password_page;                               // where such a password is made
  std::string password_label;                       // how to name it there
  std::string return_to;                            // empty: none
};

// What an administrator sees of a provider: the OAuth client that new connections are made with, and the form for an
// own one.
struct OrganizationClient {
  std::string provider_id, provider_name;
  bool available = false;           // configured on this server
  bool editable = false;            // the organisation can have a client of its own
  bool takes_tenant = false;
  std::string client_id;            // the organisation's own; empty: the server's is used
  std::string version;              // of the own one, "0" for the server's
  std::string tenant;               // empty: the server's
  std::string since;                // "24 November 2026, 14:05 UTC"
  std::string redirect_uri;         // to be registered with the provider
  int64_t people = 0, people_before = 0;  // connected through this client, and through another
  int64_t refused = 0;              // for whom the provider refuses the client

  // What was typed and refused, and why; empty: nothing.
  std::string entered_client_id, entered_tenant;
  std::string client_id_error, secret_error, tenant_error;
};

// A field of the form with the organisation's rules.
struct RulesField {
  std::string id;         // its name, too
  std::string label;
  std::string value;      // as set, or as it was typed and refused; of a choice "busy", "free" or nothing
  std::string error = {};  // empty: nothing is wrong with it
  std::string unset = {};  // what a choice says where nothing is chosen
};
struct OrganizationRules {
  std::string seen;  // which rules the form was made of
  std::vector<RulesField> days, buffers, choices;
};

struct OrganizationPage {
  std::string admin_name, admin_login, csrf;
  std::optional<Banner> notice;
  std::vector<OrganizationClient> clients;
  std::optional<OrganizationRules> rules;
};

// 4xx and 5xx. `actions` are links; `reload_after` in seconds makes the page reload itself (0: no).
struct MessagePage {
  std::string title;
  std::string text;
  std::string request_id;        // for support, may be empty
  int reload_after = 0;
  struct Action { std::string url, label; };
  std::vector<Action> actions;
};

}  // namespace calint::pages
