#include "crypto/keyset.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "base/encoding.h"
#include "crypto/parts.h"
#include "crypto/random.h"
#include "crypto/xaes.h"

namespace calint::crypto {
namespace {

Error conflict(uint32_t id, std::string_view reason) {
  return Error{.fault = Fault::conflict, .what = "key " + key_id_text(id) + " " + std::string(reason)};
}

template <typename Keys>
auto find_key(Keys& keys, uint32_t id) {
  return std::find_if(keys.begin(), keys.end(), [id](const Key& key) { return key.id == id; });
}

Key new_key(const std::vector<Key>& others, KeyStatus status, Instant now) {
  uint32_t id = 0;
  while (id == 0 || find_key(others, id) != others.end()) {
    const std::string bytes = random_bytes(sizeof id);
    std::memcpy(&id, bytes.data(), sizeof id);
  }
  // The text form holds whole seconds; so does the value, to survive a round trip unchanged.
  return Key{.id = id,
             .status = status,
             .bytes = Secret(random_bytes(kXaesKeyBytes)),
             .created_at = std::chrono::floor<std::chrono::seconds>(now)};
}

}  // namespace

std::string_view to_string(KeyStatus status) {
  switch (status) {
    case KeyStatus::pending: return "pending";
    case KeyStatus::primary: return "primary";
    case KeyStatus::enabled: return "enabled";
    case KeyStatus::disabled: return "disabled";
  }
  return "";
}

std::string key_id_text(uint32_t id) {
  std::string bytes;
  append_big_endian(bytes, id);
  return hex_encode(bytes);
}

Result<uint32_t> parse_key_id(std::string_view text) {
  const auto bytes = hex_decode(text);
  uint32_t id = 0;
  if (bytes && bytes->size() == sizeof id)
    for (char c : *bytes) id = id << 8 | static_cast<unsigned char>(c);
  if (id == 0) return Error{.fault = Fault::bad_input, .what = "write a key's id as 8 hexadecimal digits"};
  return id;
}

Result<Keyset> Keyset::generate(Instant now) {
  Keyset keyset;
  keyset.index_key_ = Secret(random_bytes(kIndexKeyBytes));
  keyset.keys_.push_back(new_key(keyset.keys_, KeyStatus::primary, now));
  return keyset;
}

const Key& Keyset::primary() const {
  for (const Key& key : keys_)
    if (key.status == KeyStatus::primary) return key;
  throw std::logic_error("a keyset that was neither generated nor parsed");
}

const Key* Keyset::find(uint32_t id) const {
  const auto key = find_key(keys_, id);
  return key == keys_.end() || key->status == KeyStatus::disabled ? nullptr : &*key;
}

Result<uint32_t> Keyset::add(Instant now) {
  if (keys_.size() >= kMaxKeys) return Error{.fault = Fault::conflict, .what = "the keyset is full"};
  keys_.push_back(new_key(keys_, KeyStatus::pending, now));
  return keys_.back().id;
}

Status Keyset::promote(uint32_t id) {
  const auto key = find_key(keys_, id);
  if (key == keys_.end()) return conflict(id, "is not in the keyset");
  if (key->status == KeyStatus::primary) return conflict(id, "is the primary key already");
  if (key->status == KeyStatus::disabled) return conflict(id, "is disabled; enable it first, or add a new one");
  for (Key& other : keys_)
    if (other.status == KeyStatus::primary) other.status = KeyStatus::enabled;
  key->status = KeyStatus::primary;
  return {};
}

Status Keyset::retire(uint32_t id) {
  const auto key = find_key(keys_, id);
  if (key == keys_.end()) return conflict(id, "is not in the keyset");
  if (key->status == KeyStatus::primary) return conflict(id, "is the primary key; promote another one first");
  if (key->status == KeyStatus::disabled) return conflict(id, "is disabled already");
  key->status = KeyStatus::disabled;
  return {};
}

Status Keyset::enable(uint32_t id) {
  const auto key = find_key(keys_, id);
  if (key == keys_.end()) return conflict(id, "is not in the keyset");
  if (key->status != KeyStatus::disabled) return conflict(id, "isn't disabled");
  key->status = KeyStatus::enabled;
  return {};
}

}  // namespace calint::crypto
