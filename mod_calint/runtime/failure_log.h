// Failures of what many depend on, told in few lines (base/troubles.h), by what fails: the database, a provider, an
// OAuth client, the keyset, the service keys, a limit of this node.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/provider_id.h"
#include "runtime/runtime.h"

namespace calint {

// Who a call was made to, and for whom.
struct Counterpart {
  std::optional<ProviderId> provider = std::nullopt;
  std::string client = {};  // as log lines describe the OAuth client; empty: none, or it doesn't matter
};

// How lines name what is in trouble where the provider refuses the client: "google, this server's OAuth client".
std::string name_of_client(const Counterpart& counterpart);

// The line of log_failure(); what fails alone has one each time.
void tell_failure(const Runtime& runtime, LogSink& log, const Counterpart& counterpart, const Error& error,
                  std::string_view text, std::string_view tag = {});

// The provider took the client, and did what it was asked for.
void tell_success(const Runtime& runtime, LogSink& log, const Counterpart& counterpart);

// The database answered.
void tell_database_works(const Runtime& runtime, LogSink& log);

// What name_of_client() names works again, as far as this process has told of it.
void tell_client_works(const Runtime& runtime, LogSink& log, std::string_view name);

// The file of service keys can be used.
void tell_service_keys_work(const Runtime& runtime, LogSink& log);

// A slot for a call to a provider was to be had.
void tell_slot_found(const Runtime& runtime, LogSink& log);

}  // namespace calint
