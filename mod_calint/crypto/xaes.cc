// Names are the specification's.
#include "crypto/xaes.h"

#include <climits>
#include <cstring>

#include "crypto/openssl.h"

namespace calint::crypto {
namespace {

constexpr size_t kBlock = 16;
constexpr size_t kHalfNonce = 12;

using Block = WipedBytes<kBlock>;
using MessageKey = WipedBytes<2 * kBlock>;

Error bug(const char* what) { return Error{.fault = Fault::bug, .what = what}; }
Error corrupt(const char* what) { return Error{.fault = Fault::corrupt, .what = what}; }

// Fetched once for the process: OpenSSL would look them up by name for each message. Never freed.
struct Ciphers {
  const EVP_CIPHER* const ecb = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
  const EVP_CIPHER* const gcm = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
};

const Ciphers& ciphers() {
  static const Ciphers fetched;
  return fetched;
}

// AES-256 on whole blocks, each on its own: the block cipher, not a mode.
class BlockCipher {
 public:
  explicit BlockCipher(std::string_view key) : context_(EVP_CIPHER_CTX_new()) {
    is_ready_ = context_ &&
                EVP_EncryptInit_ex2(context_.get(), ciphers().ecb, octets(key), nullptr, nullptr) == 1 &&
                EVP_CIPHER_CTX_set_padding(context_.get(), 0) == 1;
  }

  bool encrypt(const unsigned char* in, unsigned char* out, size_t size) {
    int written = 0;
    return is_ready_ && EVP_EncryptUpdate(context_.get(), out, &written, in, static_cast<int>(size)) == 1 &&
           static_cast<size_t>(written) == size;
  }

 private:
  const CipherContext context_;
  bool is_ready_ = false;
};

// K1 = L doubled in GF(2^128), without a branch on the secret top bit.
void double_block(const Block& l, Block& k1) {
  for (size_t i = 0; i < kBlock; ++i) {
    const unsigned next = i + 1 < kBlock ? l[i + 1] >> 7 : 0;
    k1[i] = static_cast<unsigned char>(l[i] << 1 | next);
  }
  const auto carry = static_cast<unsigned char>(0 - (l[0] >> 7));
  k1[kBlock - 1] = static_cast<unsigned char>(k1[kBlock - 1] ^ (carry & 0x87));
}

// Kx from the key and the first half of the nonce.
bool derive_message_key(std::string_view key, std::string_view nonce, MessageKey& kx) {
  BlockCipher cipher(key);
  const Block zeros;
  Block l, k1;
  if (!cipher.encrypt(zeros.data(), l.data(), kBlock)) return false;
  double_block(l, k1);

  MessageKey m;  // M1 and M2: a counter, the label 'X', a zero byte, and the half nonce
  for (unsigned counter = 1; counter <= 2; ++counter) {
    unsigned char* block = m.data() + (counter - 1) * kBlock;
    block[1] = static_cast<unsigned char>(counter);
    block[2] = 'X';
    std::memcpy(block + 4, nonce.data(), kHalfNonce);
    for (size_t i = 0; i < kBlock; ++i) block[i] = static_cast<unsigned char>(block[i] ^ k1[i]);
  }
  return cipher.encrypt(m.data(), kx.data(), kx.size());
}

bool has_sizes(std::string_view key, std::string_view nonce, std::string_view text, std::string_view associated_data) {
  return key.size() == kXaesKeyBytes && nonce.size() == kXaesNonceBytes && text.size() <= INT_MAX - kTagBytes &&
         associated_data.size() <= INT_MAX;
}

// EVP takes an output of nullptr for "associated data", and no zero-length call with it.
template <typename Update>
bool add_associated_data(EVP_CIPHER_CTX* context, std::string_view associated_data, Update update) {
  int written = 0;
  return associated_data.empty() || update(context, nullptr, &written, octets(associated_data),
                                           static_cast<int>(associated_data.size())) == 1;
}

}  // namespace

Result<std::string> xaes_encrypt(std::string_view key, std::string_view nonce, std::string_view plaintext,
                                 std::string_view associated_data) {
  if (!has_sizes(key, nonce, plaintext, associated_data)) return bug("sizes that XAES-256-GCM doesn't have");
  ErrorScope errors;
  MessageKey kx;
  if (!derive_message_key(key, nonce, kx)) return bug("OpenSSL refused AES-256");

  const CipherContext context(EVP_CIPHER_CTX_new());
  const unsigned char* nx = octets(nonce.substr(kHalfNonce));
  std::string out(plaintext.size() + kTagBytes, '\0');
  unsigned char* tag = octets(out) + plaintext.size();
  int written = 0;
  const bool done =
      context && EVP_EncryptInit_ex2(context.get(), ciphers().gcm, kx.data(), nx, nullptr) == 1 &&
      add_associated_data(context.get(), associated_data, EVP_EncryptUpdate) &&
      EVP_EncryptUpdate(context.get(), octets(out), &written, octets(plaintext),
                        static_cast<int>(plaintext.size())) == 1 &&
      EVP_EncryptFinal_ex(context.get(), tag, &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), tag) == 1;
  if (!done) return bug("OpenSSL refused AES-256-GCM");
  return out;
}

Result<Secret> xaes_decrypt(std::string_view key, std::string_view nonce, std::string_view ciphertext_and_tag,
                            std::string_view associated_data) {
  if (!has_sizes(key, nonce, ciphertext_and_tag, associated_data)) return bug("sizes that XAES-256-GCM doesn't have");
  if (ciphertext_and_tag.size() < kTagBytes) return corrupt("a ciphertext without a tag");
  ErrorScope errors;
  MessageKey kx;
  if (!derive_message_key(key, nonce, kx)) return bug("OpenSSL refused AES-256");

  const CipherContext context(EVP_CIPHER_CTX_new());
  const unsigned char* nx = octets(nonce.substr(kHalfNonce));
  const std::string_view ciphertext = ciphertext_and_tag.substr(0, ciphertext_and_tag.size() - kTagBytes);
  std::string tag(ciphertext_and_tag.substr(ciphertext.size()));
  std::string plaintext(ciphertext.size() + 1, '\0');  // a byte more, so that an empty one has an address too
  int written = 0;
  const bool started =
      context && EVP_DecryptInit_ex2(context.get(), ciphers().gcm, kx.data(), nx, nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1 &&
      add_associated_data(context.get(), associated_data, EVP_DecryptUpdate) &&
      EVP_DecryptUpdate(context.get(), octets(plaintext), &written, octets(ciphertext),
                        static_cast<int>(ciphertext.size())) == 1;
  const bool fits = started && EVP_DecryptFinal_ex(context.get(), octets(plaintext) + ciphertext.size(), &written) == 1;
  plaintext.resize(ciphertext.size());
  Secret opened(std::move(plaintext));  // unauthenticated bytes are wiped with it
  if (!started) return bug("OpenSSL refused AES-256-GCM");
  if (!fits) return corrupt("a ciphertext whose tag doesn't fit");
  return opened;
}

}  // namespace calint::crypto
