// Who is asking: the signed-in user, what they have connected, and the proof that a form is theirs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/form.h"
#include "runtime/runtime.h"
#include "site/exchange.h"
#include "store/users.h"

namespace calint::site {

struct Visitor {
  store::User user;
  std::optional<store::Integration> integration;
  std::vector<std::string> offered;  // providers that the organisation offers
  std::optional<store::ClientVersion> own_client;  // the organisation's, for the provider that was asked about
  Secret binding;                    // of the httpd session

  store::Actor actor(const Request& request) const;
  // The name that pages show, never empty.
  std::string display_name() const;
};

// unauthenticated without a login; forbidden where the login isn't exactly one active user, or the user is neither
// interviewer nor administrator; operator_fault where httpd has no session for this URL. A flow names its
// provider, to learn of the organisation's own OAuth client by the same query.
Result<Visitor> visitor_of(Runtime& runtime, const Visit& visit,
                           const std::optional<ProviderId>& provider = std::nullopt);

// A slot for a call to a provider, held while that lasts. too_many where the node has none left.
Result<NodeSlots::Slot> take_provider_slot(Runtime& runtime, const Visit& visit);

// For a form of this visitor's (runtime/csrf.h).
std::string csrf_token(const Runtime& runtime, const Visitor& visitor);

// The fields of a POST that is surely the user's own: form encoded, `csrf` valid, Origin and Sec-Fetch-Site (where
// sent) same-origin. bad_input with Detail::csrf otherwise.
Result<FormFields> trusted_form(const Runtime& runtime, const Visit& visit, const Visitor& visitor);

// What comes with a start of a flow: a POST's trusted form, or else the query; one that can't be read counts as empty.
Result<FormFields> fields_of_start(const Runtime& runtime, const Visit& visit, const Visitor& visitor);

// The one field of this name, wiped in the form; empty where there is none, or more than one.
Secret take_secret(std::vector<FormField>& fields, std::string_view name);

// The return_to that may be used, or "" (contract, section 4).
std::string accepted_return_to(const Settings& settings, const std::vector<FormField>& fields);

// True where the integration that a form names is the visitor's, unchanged since the page was made.
bool names_current_integration(const Visitor& visitor, const std::vector<FormField>& form);

// The same of a form that begins a connection: it may name none (0, or nothing at all), and then none is there.
bool names_what_is_connected(const Visitor& visitor, const std::vector<FormField>& form);

// What a form is refused with that names another one.
Error changed_meanwhile();

}  // namespace calint::site
