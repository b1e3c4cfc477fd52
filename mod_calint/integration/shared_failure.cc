#include "integration/shared_failure.h"

#include <fmt/format.h>

#include "crypto/seal.h"
#include "integration/due_refresh.h"
#include "integration/oauth_clients.h"
#include "integration/revoke.h"
#include "runtime/client_mark.h"
#include "runtime/failure_log.h"

namespace calint::integration {
namespace {

// What reads calendars; their kinds' rooms stand above this one.
constexpr std::string_view kReaders[] = {"validate", "sync"};

// Of jobs that wait, with `first` before the readers.
std::vector<std::string> kinds_from(std::string_view first) {
  std::vector<std::string> kinds = {std::string(first)};
  for (const std::string_view kind : kReaders)
    if (kind != first) kinds.emplace_back(kind);
  return kinds;
}

// Of the first of these values whose key isn't there.
std::optional<store::Breaker> key_breaker(const crypto::Keyset& keyset,
                                          std::initializer_list<std::optional<std::string>> sealed) {
  for (const auto& value : sealed) {
    if (!value) continue;
    const auto id = crypto::envelope_key_id(*value);
    if (!id || keyset.find(*id) != nullptr) continue;
    const std::string text = crypto::key_id_text(*id);
    std::vector<std::string> kinds = kinds_from(kRefresh.name);
    kinds.emplace_back(kRevocation.name);
    return store::Breaker{.organization_id = {},
                          .subject = "key/" + text,
                          .provider = std::nullopt,
                          .kinds = std::move(kinds),
                          .lane = "!key/" + text,
                          .name = "key " + text,
                          .mark = ""};
  }
  return std::nullopt;
}

// The refresh shows whether the client is taken; whatever met it whether the calendars can be read.
store::Breaker client_breaker(const Runtime& runtime, std::string_view kind, const store::ClientVersion& client,
                              bool takes_client) {
  const std::string subject = fmt::format("{}/{}", takes_client ? "calendars" : "client", client.id);
  store::Breaker breaker{.organization_id = client.organization_id,
                         .subject = subject,
                         .provider = client.provider,
                         .kinds = kinds_from(takes_client ? kind : kRefresh.name),
                         .lane = fmt::format("{}/{}", to_string(client.provider), client.id),
                         .name = name_of_client({.provider = client.provider, .client = describe(client)}),
                         .mark = client_mark(runtime, client.provider)};
  if (client.is_servers()) return breaker;
  breaker.lane = "!" + subject;
  breaker.mark = std::nullopt;
  breaker.client_row = client.id;
  return breaker;
}

bool is_operators(const Error& error) { return error.fault == Fault::operator_fault && !error.of_database; }

}  // namespace

std::optional<store::Breaker> breaker_of(const Runtime& runtime, std::string_view kind,
                                         const store::Integration& integration, const Error& error) {
  if (!is_operators(error)) return std::nullopt;
  const store::ClientVersion& client = integration.client;
  if (error.detail == Detail::unopened)
    return key_breaker(runtime.keyset(), {integration.refresh_token_encrypted, integration.access_token_encrypted,
                                          client.secret_encrypted});
  const bool is_configured = runtime.provider(client.provider) != nullptr;
  if (client.id == 0 || !is_configured) return std::nullopt;
  return client_breaker(runtime, kind, client, error.detail != Detail::client_refused);
}

std::optional<store::Breaker> breaker_of(const Runtime& runtime, const store::RevocationJob& revocation,
                                         const Error& error) {
  if (!is_operators(error) || error.detail != Detail::unopened) return std::nullopt;
  return key_breaker(runtime.keyset(), {revocation.token_encrypted});
}

}  // namespace calint::integration
