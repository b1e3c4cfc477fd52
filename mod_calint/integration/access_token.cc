#include "integration/access_token.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "crypto/random.h"
#include "integration/oauth_clients.h"
#include "integration/pace.h"
#include "net/call_loop.h"
#include "provider/provider.h"
#include "store/integrations.h"
#include "store/oauth_clients.h"
#include "store/refreshes.h"
#include "store/users.h"
#include "vault/vault.h"

namespace calint::integration {
namespace {

using store::Integration;

constexpr std::chrono::milliseconds kLookAgain{100};

// Of a try to store new tokens, and until the next where the database is away.
constexpr std::chrono::seconds kTry{3};
constexpr std::chrono::milliseconds kTryAgain{250};

// How long a process that stops tries on: longer than the pool refuses connections after one that failed.
constexpr std::chrono::milliseconds kLastTries{1500};

// Of a lease: nobody else may have it while tokens are still stored under it.
constexpr std::chrono::seconds kBeforeLeaseEnds{1};

// Of a lease, so that what a slow call brings is still stored under it.
constexpr std::chrono::seconds kForStoring{5};

// What a look at the row shows after a commit in doubt, or a conflict that such a commit may have made.
enum class Seen {
  stored,
  not_stored,   // and nobody else has stored others than those that were presented
  sealed_anew,  // the same, where `calintctl keys reencrypt` came in between
  newer,        // somebody else wrote
};

Error gone() { return Error{.fault = Fault::gone, .what = "the integration is no longer active"}; }

Result<Secret> stored_token(const Runtime& runtime, const Integration& integration) {
  auto plain = vault::open_tokens(runtime.keyset(), integration);
  if (!plain) return std::move(plain).error();
  return std::move(plain->access_token);
}

bool is_fresh(const Runtime& runtime, const Integration& integration) {
  return integration.token_expires_at &&
         *integration.token_expires_at > runtime.now() + runtime.settings().refresh_lead;
}

Result<Integration> read_again(Runtime& runtime, const Integration& integration, Deadline deadline) {
  auto found = store::find_integration(runtime.pool(), integration.organization_id, integration.id, deadline);
  if (!found) return std::move(found).error();
  if (!*found) return gone();
  return std::move(**found);
}

bool is_away(const Error& error) {
  return error.fault == Fault::unavailable || error.fault == Fault::in_doubt || error.fault == Fault::too_many;
}

struct Lease {
  std::string owner;
  Deadline ends;
  Deadline stored_by;  // what came is stored until then
  const std::function<bool()>& stopping;
  bool is_callers = false;  // who ends it after an error
};

// A refresh by whoever holds the lease.
class Refresh {
 public:
  Refresh(Runtime& runtime, const Call& call, Lease lease, Integration& integration)
      : runtime_(runtime), call_(call), lease_(std::move(lease)), integration_(integration) {}

  // `seen` is the seal id of the tokens that the caller found wanting.
  Result<Secret> run(const std::string& seen) {
    auto current = read_again(runtime_, integration_, call_.deadline);
    if (!current) return give_back(std::move(current).error());
    integration_ = std::move(*current);
    if (integration_.seal_id != seen && is_fresh(runtime_, integration_)) {
      release();
      return stored_token(runtime_, integration_);
    }
    return present();
  }

  Result<Secret> present() {
    OAuth* provider = runtime_.oauth(integration_.provider);
    if (provider == nullptr)
      return give_back({.fault = Fault::operator_fault,
                        .what = "the provider of the integration is not configured",
                        .code = "unknown_client"});
    auto plain = vault::open_tokens(runtime_.keyset(), integration_);
    if (!plain) return give_back(std::move(plain).error());
    if (!plain->refresh_token) return give_back({.fault = Fault::reconnect, .what = "there is no refresh token"});

    auto tokens = refresh(*provider, *plain->refresh_token);
    if (!tokens) return refused(std::move(tokens).error());
    return save(std::move(*tokens), std::move(*plain));
  }

  // Another try to store what came for a call that has ended by now. True: there is nothing left to be done.
  bool store_late(const store::SealedTokens& sealed, const vault::PlainTokens& presented, Instant due_at) {
    auto stored = try_to_store(sealed, presented, due_at, call_.deadline);
    if (stored) {
      call_.log.write(LogLevel::info, "CALINT0217",
                      fmt::format("integration {} refreshed, its tokens were kept for a while", integration_.id));
    } else if (is_away(stored.error())) {
      return false;
    } else if (stored.error().fault == Fault::conflict) {
      release();
    } else {
      tell_lost(stored.error());
    }
    return true;
  }

  void tell_lost(const Error& error) const {
    log_failure(call_.log, error, fmt::format("integration {}: its new tokens could not be stored", integration_.id));
  }

 private:
  // By the version that the connection was made with. Where the provider takes that no longer and the organisation has
  // saved another secret for the same client id, by that; a newer secret that is wrong breaks nobody's connection.
  Result<oauth::Tokens> refresh(OAuth& provider, const Secret& refresh_token) {
    auto tokens = refresh_by(provider, integration_.client, refresh_token);
    if (tokens || tokens.error().fault != Fault::operator_fault || integration_.client.is_servers()) return tokens;
    auto newer = store::find_newer_secret(runtime_.pool(), integration_.client, call_.deadline);
    if (!newer || !*newer) return tokens;
    auto by_newer = refresh_by(provider, **newer, refresh_token);
    if (by_newer) integration_.client = std::move(**newer);
    return by_newer;
  }

  Result<oauth::Tokens> refresh_by(OAuth& provider, const store::ClientVersion& version,
                                   const Secret& refresh_token) {
    auto client = credentials(runtime_, version);
    if (!client) return std::move(client).error();
    auto tokens = provider.refresh(*client, refresh_token, runtime_.now(),
                                   call_.provider_deadline().at_most(lease_.ends.remaining() - kForStoring));
    if (!tokens && tokens.error().fault == Fault::operator_fault) {
      tokens.error().detail = Detail::client_refused;
      tokens.error().what = fmt::format("{} is refused, check {}: {}", describe(version), where_to_mend(version),
                                        tokens.error().what);
    }
    return tokens;
  }

  // invalid_grant after a lost race: newer tokens decide (providers.md, section 5.4).
  Result<Secret> refused(Error error) {
    if (error.fault == Fault::reconnect) {
      auto current = read_again(runtime_, integration_, call_.deadline);
      if (current && current->seal_id != integration_.seal_id) {
        integration_ = std::move(*current);
        release();
        return stored_token(runtime_, integration_);
      }
    }
    return give_back(std::move(error));
  }

  Result<Secret> save(oauth::Tokens tokens, vault::PlainTokens presented) {
    auto sealed = vault::seal_tokens(runtime_.keyset(),
                                     {integration_.organization_id, integration_.user_id, integration_.provider,
                                      integration_.generation},
                                     tokens, presented.refresh_token);
    if (!sealed) return give_back(std::move(sealed).error());
    const Instant due_at = refresh_due_at(*tokens.expires_at, runtime_.now(), runtime_.settings().refresh_lead,
                                          crypto::random_unit());
    auto stored = keep_and_store(*sealed, presented, due_at);
    if (!stored && is_away(stored.error())) {
      if (!lease_.is_callers && hand_over(std::move(*sealed), std::move(presented), due_at)) return stored.error();
      tell_lost(stored.error());
    }
    if (!stored && stored.error().fault == Fault::conflict) {
      release();
      return stored_token(runtime_, integration_);
    }
    if (!stored) return give_back(std::move(stored).error());
    integration_.seal_id = sealed->seal_id;
    integration_.token_expires_at = tokens.expires_at;
    integration_.access_token_encrypted = std::move(sealed->access_token);
    integration_.refresh_token_encrypted = std::move(sealed->refresh_token);
    call_.log.write(LogLevel::info, "CALINT0217", fmt::format("integration {} refreshed", integration_.id));
    return std::move(tokens.access_token);
  }

  // Holds on to what came while the database is away: where the provider rotates, the refresh token that is stored is
  // dead. conflict where somebody else wrote; `integration_` is what they wrote then.
  Status keep_and_store(const store::SealedTokens& sealed, const vault::PlainTokens& presented, Instant due_at) {
    Deadline until = lease_.stored_by;
    for (bool is_first = true, is_stopping = false;; is_first = false) {
      auto stored = try_to_store(sealed, presented, due_at, until.at_most(kTry));
      if (stored || !is_away(stored.error())) return stored;
      if (is_first)
        log_failure(call_.log, stored.error(),
                    fmt::format("integration {}: its new tokens are kept until they can be stored", integration_.id));
      if (until.passed()) return stored;
      pause(std::min(kTryAgain, until.remaining()));
      if (!is_stopping && lease_.stopping()) {
        is_stopping = true;
        until = until.at_most(kLastTries);
      }
    }
  }

  // To the process's keeper, together with the lease. False where it takes no more.
  bool hand_over(store::SealedTokens sealed, vault::PlainTokens presented, Instant due_at);

  Status try_to_store(const store::SealedTokens& sealed, const vault::PlainTokens& presented, Instant due_at,
                      Deadline deadline) {
    for (;;) {
      auto stored = store::store_refreshed(runtime_.pool(), integration_, sealed, due_at, deadline);
      if (stored || (stored.error().fault != Fault::in_doubt && stored.error().fault != Fault::conflict)) return stored;
      auto seen = read_back(sealed, presented, deadline);
      if (!seen) return std::move(seen).error();
      if (*seen == Seen::stored) return {};
      if (*seen == Seen::newer) return Error{.fault = Fault::conflict, .what = "newer tokens were stored meanwhile"};
      if (*seen == Seen::not_stored || deadline.passed())
        return Error{.fault = Fault::unavailable, .what = "the commit was lost", .of_database = true};
    }
  }

  // `integration_` is what is stored then.
  Result<Seen> read_back(const store::SealedTokens& sealed, const vault::PlainTokens& presented, Deadline deadline) {
    auto current = read_again(runtime_, integration_, deadline);
    if (!current) return std::move(current).error();
    if (current->seal_id == sealed.seal_id) return Seen::stored;
    const bool is_same_generation = current->generation == integration_.generation;
    if (current->seal_id == integration_.seal_id && is_same_generation) return Seen::not_stored;
    const bool is_sealed_anew = is_same_generation && holds(*current, presented);
    if (is_sealed_anew) current->client = integration_.client;
    integration_ = std::move(*current);
    return is_sealed_anew ? Seen::sealed_anew : Seen::newer;
  }

  bool holds(const Integration& current, const vault::PlainTokens& presented) const {
    auto plain = vault::open_tokens(runtime_.keyset(), current);
    return plain && plain->refresh_token && plain->refresh_token->equals(presented.refresh_token->reveal()) &&
           plain->access_token.equals(presented.access_token.reveal());
  }

  void release() {
    auto released = store::release_refresh(runtime_.pool(), integration_, lease_.owner, lease_.stored_by.at_most(kTry));
    if (!released)
      log_failure(call_.log, released.error(), "a refresh lease could not be given back, it ends by itself");
  }

  Error give_back(Error error) {
    if (!lease_.is_callers) release();
    return error;
  }

  Runtime& runtime_;
  const Call& call_;
  const Lease lease_;
  Integration& integration_;
};

// Tokens that came for a request that has ended, until they are stored.
class KeptTokens final : public Keeper::Task {
 public:
  struct Parts {
    Runtime& runtime;
    Integration integration;
    store::SealedTokens sealed;
    vault::PlainTokens presented;
    Instant due_at;
    std::string owner;  // of the lease
    Deadline lease_ends;
  };
  explicit KeptTokens(Parts parts) : parts_(std::move(parts)) {}

  bool run(Deadline deadline) override {
    return with_refresh(deadline, [this](Refresh& refresh) {
      return refresh.store_late(parts_.sealed, parts_.presented, parts_.due_at);
    });
  }

  void give_up() override {
    with_refresh(Deadline::in({}), [](Refresh& refresh) {
      refresh.tell_lost({.fault = Fault::unavailable, .what = "the database stays away", .of_database = true});
      return true;
    });
  }

 private:
  template <typename Do>
  bool with_refresh(Deadline deadline, Do act) {
    const Call call{.log = parts_.runtime.log(), .deadline = deadline};
    const Lease lease{.owner = parts_.owner, .ends = parts_.lease_ends, .stored_by = deadline, .stopping = never_};
    Refresh refresh(parts_.runtime, call, lease, parts_.integration);
    return act(refresh);
  }

  Parts parts_;
  const std::function<bool()> never_ = [] { return false; };
};

bool Refresh::hand_over(store::SealedTokens sealed, vault::PlainTokens presented, Instant due_at) {
  std::unique_ptr<Keeper::Task> task = std::make_unique<KeptTokens>(
      KeptTokens::Parts{.runtime = runtime_,
                        .integration = integration_,
                        .sealed = std::move(sealed),
                        .presented = std::move(presented),
                        .due_at = due_at,
                        .owner = lease_.owner,
                        .lease_ends = lease_.ends});
  return runtime_.keeper().keep(task, lease_.ends.leaving(kBeforeLeaseEnds));
}

}  // namespace

Result<Secret> access_token(Runtime& runtime, const Call& call, Integration& integration, bool force) {
  // A password doesn't expire by itself, and nothing but its owner can renew it.
  const bool is_password = !facts(integration.provider).has_oauth;
  if (is_password || (!force && is_fresh(runtime, integration))) return stored_token(runtime, integration);
  const std::string seen = integration.seal_id;
  const std::string owner = runtime.node_id() + "/" + crypto::random_token(12);
  const std::function<bool()> is_never_stopped = [] { return false; };
  while (!call.deadline.passed()) {
    const Deadline lease_ends = Deadline::in(store::kRefreshLease);
    auto leased = store::lease_refresh(runtime.pool(), integration, owner, call.deadline);
    if (!leased) return std::move(leased).error();
    if (*leased) {
      const Lease lease{.owner = owner, .ends = lease_ends, .stored_by = call.deadline, .stopping = is_never_stopped};
      return Refresh(runtime, call, lease, integration).run(seen);
    }
    pause(std::min(kLookAgain, call.deadline.remaining()));
    auto current = read_again(runtime, integration, call.deadline);
    if (!current) return std::move(current).error();
    integration = std::move(*current);
    if (integration.seal_id != seen) return stored_token(runtime, integration);
  }
  return Error{.fault = Fault::unavailable, .what = "another refresh of this integration is still running"};
}

Result<Secret> refresh_claimed(Runtime& runtime, const Call& call, Integration& integration,
                               const store::ClaimedJob& claimed, const std::function<bool()>& stopping) {
  const Lease lease{.owner = claimed.owner,
                    .ends = claimed.lease_ends,
                    .stored_by = claimed.lease_ends.leaving(kBeforeLeaseEnds),
                    .stopping = stopping,
                    .is_callers = true};
  return Refresh(runtime, call, lease, integration).present();
}

}  // namespace calint::integration
