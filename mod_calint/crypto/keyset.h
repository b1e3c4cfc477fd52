// The keys that seal tokens and states, and their states of life (contract, section 8).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace calint::crypto {

enum class KeyStatus {
  pending,   // distributed to nodes, opens but doesn't seal yet
  primary,   // seals and opens; exactly one
  enabled,   // opens only
  disabled,  // does nothing: kept so that its id isn't used again, and to be enabled anew
};

std::string_view to_string(KeyStatus status);

inline constexpr size_t kIndexKeyBytes = 32;
inline constexpr size_t kMaxKeys = 256;  // disabled ones count; as JSON they fit a keyset file

struct Key {
  uint32_t id = 0;   // random, never 0
  KeyStatus status = KeyStatus::pending;
  Secret bytes;      // 32
  Instant created_at;
};

// A value; copies wipe themselves. `index_key` is 32 bytes that never rotate: account keys and CSRF tokens
// are HMACs under it, so that they survive rotation. It seals nothing. Its JSON is read and written in keyset_json.cc.
class Keyset {
 public:
  // One primary key and an index key, from the system's random source.
  static Result<Keyset> generate(Instant now);

  // JSON: {"version":1,"index_key":"<base64url>","keys":[{"id":"0a1b2c3d","status":"primary",
  // "key":"<base64url>","created_at":"2026-11-25T07:30:00Z"}]}. bad_input, naming the field and never its
  // value, for anything else: unknown members, sizes, doubled ids, no primary or two.
  static Result<Keyset> parse(std::string_view json);
  Secret to_json() const;

  const std::vector<Key>& keys() const { return keys_; }
  const Key& primary() const;
  // A key that may open: nullptr for an unknown or disabled id.
  const Key* find(uint32_t id) const;
  const Secret& index_key() const { return index_key_; }

  // The rules of rotation. Each returns conflict with the reason where the step isn't allowed.
  Result<uint32_t> add(Instant now);   // a new pending key
  Status promote(uint32_t id);         // pending or enabled -> primary; the old primary -> enabled
  Status retire(uint32_t id);          // enabled or pending -> disabled
  Status enable(uint32_t id);          // disabled -> enabled

 private:
  std::vector<Key> keys_;
  Secret index_key_;
};

// "0a1b2c3d"; and back.
std::string key_id_text(uint32_t id);
Result<uint32_t> parse_key_id(std::string_view text);

}  // namespace calint::crypto
