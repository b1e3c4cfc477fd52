// XAES-256-GCM against the vectors of tests/data/crypto/xaes-256-gcm.json, which says where each comes from.
#include <jansson.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "base/encoding.h"
#include "base/json.h"
#include "crypto/xaes.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using namespace calint::crypto;
using calint::test::RandomBytes;

namespace {

constexpr int64_t kMostIterations = 10000;  // the published million takes minutes under a sanitizer

Json load_vectors() {
  return Json(json_load_file(CALINT_TEST_DATA "/crypto/xaes-256-gcm.json", JSON_REJECT_DUPLICATES, nullptr));
}

std::string hex_member(const json_t* object, const char* name) {
  return hex_decode(string_member(object, name).value()).value();
}

void check_vector(const json_t* vector) {
  const std::string key = hex_member(vector, "key"), nonce = hex_member(vector, "nonce");
  const std::string plaintext = hex_member(vector, "plaintext"), data = hex_member(vector, "aad");
  const std::string ciphertext = hex_member(vector, "ciphertext_and_tag");
  auto encrypted = xaes_encrypt(key, nonce, plaintext, data);
  CHECK_OK(encrypted);
  CHECK_EQUAL(hex_encode(*encrypted), hex_encode(ciphertext));
  auto decrypted = xaes_decrypt(key, nonce, ciphertext, data);
  CHECK_OK(decrypted);
  CHECK_EQUAL(decrypted->reveal(), plaintext);
}

struct DigestRelease {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// What is squeezed so far doesn't end the absorbing: a copy of the state is finished.
class Shake128 {
 public:
  Shake128() : context_(EVP_MD_CTX_new()) {
    if (EVP_DigestInit_ex2(context_.get(), EVP_shake128(), nullptr) != 1) throw std::runtime_error("SHAKE-128");
  }
  void absorb(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
  std::string squeeze(size_t size) const {
    const std::unique_ptr<EVP_MD_CTX, DigestRelease> copy(EVP_MD_CTX_new());
    std::string out(size, '\0');
    if (EVP_MD_CTX_copy_ex(copy.get(), context_.get()) != 1 ||
        EVP_DigestFinalXOF(copy.get(), reinterpret_cast<unsigned char*>(out.data()), size) != 1)
      throw std::runtime_error("SHAKE-128");
    return out;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, DigestRelease> context_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  std::string_view take(size_t count) {
    if (position_ + count > bytes_.size()) throw std::out_of_range("the stream is too short");
    position_ += count;
    return bytes_.substr(position_ - count, count);
  }
  std::string_view take_counted() { return take(static_cast<unsigned char>(take(1)[0])); }
  size_t position() const { return position_; }

 private:
  std::string_view bytes_;
  size_t position_ = 0;
};

}  // namespace

CALINT_TEST(xaes_has_every_vector_of_the_specification) {
  const Json root = load_vectors();
  const json_t* vectors = json_object_get(root.get(), "vectors");
  CHECK_EQUAL(json_array_size(vectors), 2);
  for (size_t i = 0; i < json_array_size(vectors); ++i) check_vector(json_array_get(vectors, i));
  const json_t* first = json_object_get(json_object_get(root.get(), "accumulated"), "first_iterations");
  CHECK_EQUAL(json_array_size(first), 3);
  for (size_t i = 0; i < json_array_size(first); ++i) check_vector(json_array_get(first, i));
}

CALINT_TEST(xaes_has_the_accumulated_hashes_up_to_ten_thousand_messages) {
  const Json root = load_vectors();
  const json_t* accumulated = json_object_get(root.get(), "accumulated");
  const json_t* hashes = json_object_get(accumulated, "hashes");
  size_t needed = 0, checked = 0;
  for (size_t i = 0; i < json_array_size(hashes); ++i) {
    const json_t* entry = json_array_get(hashes, i);
    if (integer_member(entry, "iterations") <= kMostIterations)
      needed = std::max(needed, static_cast<size_t>(integer_member(entry, "rng_bytes_consumed").value()));
  }
  const std::string stream = Shake128().squeeze(needed);
  CHECK_EQUAL(hex_encode(stream.substr(0, 16)), string_member(accumulated, "rng_first_16_bytes").value());

  Reader reader(stream);
  Shake128 digest;
  for (int64_t iteration = 1; iteration <= kMostIterations; ++iteration) {
    const std::string_view key = reader.take(kXaesKeyBytes), nonce = reader.take(kXaesNonceBytes);
    const std::string_view plaintext = reader.take_counted(), data = reader.take_counted();
    auto ciphertext = xaes_encrypt(key, nonce, plaintext, data);
    CHECK_OK(ciphertext);
    digest.absorb(*ciphertext);
    auto decrypted = xaes_decrypt(key, nonce, *ciphertext, data);
    CHECK(decrypted.ok());
    CHECK_EQUAL(decrypted->reveal(), plaintext);
    for (size_t i = 0; i < json_array_size(hashes); ++i) {
      const json_t* entry = json_array_get(hashes, i);
      if (integer_member(entry, "iterations") != iteration) continue;
      CHECK_EQUAL(integer_member(entry, "rng_bytes_consumed"), static_cast<int64_t>(reader.position()));
      CHECK_EQUAL(hex_encode(digest.squeeze(32)), string_member(entry, "hash").value());
      ++checked;
    }
  }
  CHECK_EQUAL(checked, 6);
}

CALINT_TEST(other_sizes_than_the_algorithms_are_a_bug) {
  const std::string key(kXaesKeyBytes, 'k'), nonce(kXaesNonceBytes, 'n');
  for (size_t size : {0, 16, 31, 33, 64}) {
    CHECK_FAULT(xaes_encrypt(std::string(size, 'k'), nonce, "text", ""), Fault::bug);
    CHECK_FAULT(xaes_decrypt(std::string(size, 'k'), nonce, std::string(20, 'c'), ""), Fault::bug);
  }
  for (size_t size : {0, 12, 23, 25}) {
    CHECK_FAULT(xaes_encrypt(key, std::string(size, 'n'), "text", ""), Fault::bug);
    CHECK_FAULT(xaes_decrypt(key, std::string(size, 'n'), std::string(20, 'c'), ""), Fault::bug);
  }
  for (size_t size = 0; size < kTagBytes; ++size)
    CHECK_FAULT(xaes_decrypt(key, nonce, std::string(size, 'c'), ""), Fault::corrupt);
}

CALINT_TEST(every_changed_input_makes_the_tag_unfit) {
  RandomBytes random(256);
  const std::string key = random.bytes(kXaesKeyBytes), nonce = random.bytes(kXaesNonceBytes);
  const std::string data = random.bytes(9);
  const std::string ciphertext = xaes_encrypt(key, nonce, "attack at dawn", data).value();
  const auto flipped = [](std::string bytes, size_t bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ 1 << bit % 8);
    return bytes;
  };
  for (size_t bit = 0; bit < key.size() * 8; ++bit)
    CHECK_FAULT(xaes_decrypt(flipped(key, bit), nonce, ciphertext, data), Fault::corrupt);
  for (size_t bit = 0; bit < nonce.size() * 8; ++bit)
    CHECK_FAULT(xaes_decrypt(key, flipped(nonce, bit), ciphertext, data), Fault::corrupt);
  for (size_t bit = 0; bit < data.size() * 8; ++bit)
    CHECK_FAULT(xaes_decrypt(key, nonce, ciphertext, flipped(data, bit)), Fault::corrupt);
  for (size_t bit = 0; bit < ciphertext.size() * 8; ++bit)
    CHECK_FAULT(xaes_decrypt(key, nonce, flipped(ciphertext, bit), data), Fault::corrupt);
}

CALINT_TEST(messages_of_every_small_size_open_again) {
  RandomBytes random(42);
  for (size_t size = 0; size < 100; ++size) {
    const std::string key = random.bytes(kXaesKeyBytes), nonce = random.bytes(kXaesNonceBytes);
    const std::string plaintext = random.bytes(size), data = random.bytes(random.below(40));
    auto ciphertext = xaes_encrypt(key, nonce, plaintext, data);
    CHECK_OK(ciphertext);
    CHECK_EQUAL(ciphertext->size(), size + kTagBytes);
    auto decrypted = xaes_decrypt(key, nonce, *ciphertext, data);
    CHECK_OK(decrypted);
    CHECK_EQUAL(decrypted->reveal(), plaintext);
  }
}

CALINT_TEST(a_tag_that_does_not_fit_leaves_nothing_in_openssls_error_queue) {
  ERR_clear_error();
  const std::string key(kXaesKeyBytes, 'k'), nonce(kXaesNonceBytes, 'n');
  CHECK_FAULT(xaes_decrypt(key, nonce, std::string(40, 'c'), ""), Fault::corrupt);
  CHECK_EQUAL(ERR_peek_error(), 0);
}
