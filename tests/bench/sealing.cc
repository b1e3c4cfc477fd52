// What sealing costs: a token of 256 bytes as a row's column against bare AES-256-GCM over EVP (96-bit nonce, its own
// context each time, no associated data). Prints nanoseconds of each, a line of JSON a round, the two in turn.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

#include "crypto/seal.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kTokenBytes = 256;
constexpr size_t kTagBytes = 16;

[[noreturn]] void fail(const char* what) {
  fmt::print(stderr, "bench_sealing: {} failed\n", what);
  std::exit(1);
}

template <typename Work>
double nanoseconds_each(int count, Work work) {
  const auto begun = Clock::now();
  for (int i = 0; i < count; ++i) work();
  return std::chrono::duration<double, std::nano>(Clock::now() - begun).count() / count;
}

void bare(const std::array<unsigned char, 32>& key, const std::array<unsigned char, kTokenBytes>& token,
          std::array<unsigned char, kTokenBytes + kTagBytes>& out) {
  std::array<unsigned char, 12> nonce;
  int written = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  const bool done = RAND_bytes(nonce.data(), nonce.size()) == 1 && context != nullptr &&
                    EVP_EncryptInit_ex2(context, EVP_aes_256_gcm(), key.data(), nonce.data(), nullptr) == 1 &&
                    EVP_EncryptUpdate(context, out.data(), &written, token.data(), kTokenBytes) == 1 &&
                    EVP_EncryptFinal_ex(context, out.data() + token.size(), &written) == 1 &&
                    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kTagBytes, out.data() + token.size()) == 1;
  EVP_CIPHER_CTX_free(context);
  if (!done) fail("AES-256-GCM");
}

}  // namespace

int main(int argc, char** argv) {
  int rounds = 5, count = 100000;
  CLI::App app{"What sealing a token costs against bare AES-256-GCM."};
  app.add_option("--rounds", rounds)->check(CLI::PositiveNumber);
  app.add_option("--count", count, "values sealed in a round")->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);

  const auto keyset = calint::crypto::Keyset::generate(calint::SystemClock().now());
  if (!keyset.ok()) fail("making keys");
  const calint::Secret token(std::string(kTokenBytes, 'T'));
  // As the vault binds a column: table, column, organisation, user, provider, seal id, generation.
  const calint::crypto::Context context = {"calendar_integrations", "access_token_encrypted", "1",
                                           "4711",                  "google", "m3Xq0PzV7rYkB2nT5sLdWg", "1"};
  std::array<unsigned char, 32> key{};
  std::array<unsigned char, kTokenBytes> plain{};
  std::array<unsigned char, kTokenBytes + kTagBytes> out{};
  for (int round = 0; round < rounds; ++round) {
    const double sealed = nanoseconds_each(count, [&] {
      if (!calint::crypto::seal(*keyset, context, token).ok()) fail("sealing");
    });
    const auto envelope = calint::crypto::seal(*keyset, context, token);
    const double opened = nanoseconds_each(count, [&] {
      if (!calint::crypto::open(*keyset, context, *envelope).ok()) fail("opening");
    });
    const double gcm = nanoseconds_each(count, [&] { bare(key, plain, out); });
    fmt::print(R"({{"seal_ns":{:.0f},"open_ns":{:.0f},"gcm_ns":{:.0f}}})" "\n", sealed, opened, gcm);
  }
}
