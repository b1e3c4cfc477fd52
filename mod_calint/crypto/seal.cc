#include "crypto/seal.h"

#include "crypto/parts.h"
#include "crypto/random.h"
#include "crypto/xaes.h"

namespace calint::crypto {
namespace {

constexpr std::string_view kVersion = "\x01";
constexpr size_t kKeyIdBytes = 4;
constexpr size_t kHeaderBytes = kVersion.size() + kKeyIdBytes;

std::string associated_data(uint32_t key_id, const Context& context) {
  std::string id, joined;
  append_big_endian(id, key_id);
  append_part(joined, kVersion);
  append_part(joined, id);
  for (std::string_view part : context) append_part(joined, part);
  return joined;
}

}  // namespace

Result<std::string> seal(const Keyset& keyset, const Context& context, const Secret& plaintext) {
  const Key& key = keyset.primary();
  const std::string nonce = random_bytes(kXaesNonceBytes);
  auto sealed = xaes_encrypt(key.bytes.reveal(), nonce, plaintext.reveal(), associated_data(key.id, context));
  if (!sealed.ok()) return std::move(sealed).error();
  std::string envelope(kVersion);
  append_big_endian(envelope, key.id);
  return envelope + nonce + *sealed;
}

Result<Secret> open(const Keyset& keyset, const Context& context, std::string_view envelope) {
  auto id = envelope_key_id(envelope);
  if (!id.ok()) return std::move(id).error();
  const Key* key = keyset.find(*id);
  if (key == nullptr)
    return Error{.fault = Fault::operator_fault,
                 .what = "sealed under key " + key_id_text(*id) + ", which the keyset doesn't have or has disabled",
                 .detail = Detail::unopened};
  return xaes_decrypt(key->bytes.reveal(), envelope.substr(kHeaderBytes, kXaesNonceBytes),
                      envelope.substr(kHeaderBytes + kXaesNonceBytes), associated_data(*id, context));
}

Result<uint32_t> envelope_key_id(std::string_view envelope) {
  if (envelope.size() < kHeaderBytes + kXaesNonceBytes + kTagBytes || !envelope.starts_with(kVersion))
    return Error{.fault = Fault::corrupt, .what = "not a sealed value"};
  uint32_t id = 0;
  for (char c : envelope.substr(kVersion.size(), kKeyIdBytes)) id = id << 8 | static_cast<unsigned char>(c);
  return id;
}

}  // namespace calint::crypto
