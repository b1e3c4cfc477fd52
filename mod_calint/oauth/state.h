// `state` (RFC 6749, 4.1.1): everything that the callback needs to know of the start, sealed and bound to the httpd
// session. It opens in that session only, so it is the protection against cross-site request forgery as well.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/provider_id.h"
#include "base/result.h"
#include "base/secret.h"
#include "crypto/keyset.h"

namespace calint::oauth {

enum class Purpose { connect, reconnect, switch_account };

struct FlowState {
  std::string flow_id;            // base64url of 128 random bits
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string client_id;          // of the OAuth client that the flow began with
  int64_t client_version = 0;     // 0: the server's own client, which has no versions
  std::string redirect_uri_hash;  // base64url of its SHA-256
  Purpose purpose = Purpose::connect;
  int64_t integration_id = 0;     // seen at the start; 0: none
  int64_t generation = 0;
  Instant issued_at;              // whole seconds
  std::string return_to;          // empty: the settings page
};

struct OpenedState {
  FlowState state;
  uint32_t key_id = 0;  // of the key that sealed it and that the flow's secrets derive from
};

// As base64url. With a return_to of 512 bytes below 1,500 characters.
Result<std::string> seal_state(const crypto::Keyset& keyset, const Secret& binding, const FlowState& state);

// bad_input for anything that wasn't sealed for this session by a key of ours, or is longer than 4 kB.
Result<OpenedState> open_state(const crypto::Keyset& keyset, const Secret& binding, std::string_view state);

// Who and what a state must be for.
struct ExpectedFlow {
  std::string organization_id;
  std::string user_id;
  ProviderId provider = ProviderId::google;
  std::string client_id;
  std::string redirect_uri_hash;
};

// bad_input, with a reason that is safe to log, where it is for something else, too old, or from the future. Pure.
Status check_state(const FlowState& state, const ExpectedFlow& expected, Instant now, std::chrono::seconds lifetime,
                   std::chrono::seconds skew);

}  // namespace calint::oauth
