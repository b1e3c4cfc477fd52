#include "crypto/random.h"

#include <openssl/rand.h>

#include <climits>
#include <cstring>

#include "base/encoding.h"
#include "crypto/openssl.h"

namespace calint::crypto {
namespace {

void fill_random(unsigned char* bytes, size_t count) {
  ErrorScope errors;
  require(count <= INT_MAX && RAND_bytes(bytes, static_cast<int>(count)) == 1, "RAND_bytes");
}

}  // namespace

std::string random_bytes(size_t count) {
  std::string bytes(count, '\0');
  fill_random(octets(bytes), count);
  return bytes;
}

std::string random_token(size_t bytes) {
  const Secret raw(random_bytes(bytes));
  return base64url_encode(raw.reveal());
}

bool is_random_token(std::string_view text, size_t bytes) {
  auto decoded = base64url_decode(text);
  return decoded && Secret(std::move(*decoded)).size() == bytes;
}

double random_unit() {
  std::array<unsigned char, sizeof(uint64_t)> bytes{};
  fill_random(bytes.data(), bytes.size());
  uint64_t number = 0;
  std::memcpy(&number, bytes.data(), bytes.size());
  // The 53 bits that a double holds exactly.
  return static_cast<double>(number >> 11) * 0x1p-53;
}

}  // namespace calint::crypto
