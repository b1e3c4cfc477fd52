#include "crypto/seal.h"

#include <set>

#include "crypto/xaes.h"
#include "support/check.h"
#include "support/random_bytes.h"

using namespace calint;
using namespace calint::crypto;
using calint::test::RandomBytes;

namespace {

const Context kContext = {"calendar_integrations", "access_token", "acme", "42", "google", "7", "1"};
constexpr std::string_view kText = "ya29.token";
constexpr size_t kHeadBytes = 1 + 4;

Keyset new_keyset() { return Keyset::generate(SystemClock().now()).value(); }
Secret text() { return Secret(kText); }

}  // namespace

CALINT_TEST(a_sealed_value_opens_in_its_context) {
  const Keyset keyset = new_keyset();
  for (const Context& context : {kContext, Context{}, Context{""}, Context{"", ""}}) {
    auto envelope = seal(keyset, context, text());
    CHECK_OK(envelope);
    auto opened = open(keyset, context, *envelope);
    CHECK_OK(opened);
    CHECK_EQUAL(opened->reveal(), kText);
  }
}

CALINT_TEST(an_envelope_has_version_key_id_nonce_ciphertext_and_tag) {
  const Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, kContext, text()).value();
  CHECK_EQUAL(envelope.size(), kHeadBytes + kXaesNonceBytes + kText.size() + kTagBytes);
  CHECK(envelope[0] == 1);
  CHECK_EQUAL(envelope_key_id(envelope).value(), keyset.primary().id);
  const uint32_t id = keyset.primary().id;
  for (int i = 0; i < 4; ++i) CHECK_EQUAL(static_cast<unsigned char>(envelope[4 - i]), (id >> 8 * i & 0xff));
  CHECK_EQUAL(envelope.find(kText), std::string::npos);
}

CALINT_TEST(version_key_id_and_context_are_associated_data_with_their_lengths) {
  const Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, {"table", ""}, text()).value();
  const std::string data = std::string("\0\0\0\1\1\0\0\0\4", 9) + envelope.substr(1, 4) +
                           std::string("\0\0\0\5table\0\0\0\0", 13);
  auto opened = xaes_decrypt(keyset.primary().bytes.reveal(), envelope.substr(kHeadBytes, kXaesNonceBytes),
                             envelope.substr(kHeadBytes + kXaesNonceBytes), data);
  CHECK_OK(opened);
  CHECK_EQUAL(opened->reveal(), kText);
}

CALINT_TEST(sealing_twice_gives_different_envelopes) {
  const Keyset keyset = new_keyset();
  std::set<std::string> nonces;
  for (int i = 0; i < 200; ++i) nonces.insert(seal(keyset, kContext, text())->substr(kHeadBytes, kXaesNonceBytes));
  CHECK_EQUAL(nonces.size(), 200);
}

CALINT_TEST(a_sealed_value_opens_in_no_other_context) {
  const Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, kContext, text()).value();
  for (size_t part = 0; part < kContext.size(); ++part) {
    const std::string longer = std::string(kContext[part]) + "x", empty;
    for (std::string_view other : {std::string_view(longer), kContext[part].substr(1), std::string_view(empty)}) {
      Context changed = kContext;
      changed[part] = other;
      CHECK_FAULT(open(keyset, changed, envelope), Fault::corrupt);
    }
    Context shorter = kContext;
    shorter.erase(shorter.begin() + static_cast<ptrdiff_t>(part));
    CHECK_FAULT(open(keyset, shorter, envelope), Fault::corrupt);
    for (size_t other = part + 1; other < kContext.size(); ++other) {
      Context swapped = kContext;
      std::swap(swapped[part], swapped[other]);
      CHECK_FAULT(open(keyset, swapped, envelope), Fault::corrupt);
    }
  }
  Context more = kContext;
  more.emplace_back("");
  CHECK_FAULT(open(keyset, more, envelope), Fault::corrupt);
  CHECK_FAULT(open(keyset, {}, envelope), Fault::corrupt);
}

CALINT_TEST(parts_of_a_context_do_not_run_into_each_other) {
  const Keyset keyset = new_keyset();
  const std::vector<Context> alike = {{"ab", "c"},
                                      {"a", "bc"},
                                      {"abc"},
                                      {"abc", ""},
                                      {"", "abc"},
                                      {"a", "b", "c"},
                                      {std::string_view("ab\0\0\0\1c", 7)}};
  for (const Context& sealed : alike)
    for (const Context& opened : alike) {
      const std::string envelope = seal(keyset, sealed, text()).value();
      CHECK_EQUAL(open(keyset, opened, envelope).ok(), (sealed == opened));
    }
}

CALINT_TEST(an_envelope_that_was_cut_or_lengthened_is_corrupt) {
  const Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, kContext, text()).value();
  for (size_t size = 0; size < envelope.size(); ++size) {
    CHECK_FAULT(open(keyset, kContext, envelope.substr(0, size)), Fault::corrupt);
    if (size > 0) CHECK(!open(keyset, kContext, envelope.substr(size)).ok());
  }
  CHECK_FAULT(open(keyset, kContext, envelope + '\0'), Fault::corrupt);
  CHECK_FAULT(open(keyset, kContext, envelope + envelope), Fault::corrupt);
}

CALINT_TEST(an_envelope_with_any_bit_flipped_does_not_open) {
  const Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, kContext, text()).value();
  for (size_t bit = 0; bit < envelope.size() * 8; ++bit) {
    std::string flipped = envelope;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    const bool in_key_id = bit / 8 >= 1 && bit / 8 < kHeadBytes;
    CHECK_FAULT(open(keyset, kContext, flipped), in_key_id ? Fault::operator_fault : Fault::corrupt);
  }
}

CALINT_TEST(the_key_id_of_an_envelope_is_authenticated) {
  Keyset keyset = new_keyset();
  const std::string envelope = seal(keyset, kContext, text()).value();
  const uint32_t other = keyset.add(SystemClock().now()).value();
  std::string moved = envelope;
  for (int i = 0; i < 4; ++i) moved[static_cast<size_t>(4 - i)] = static_cast<char>(other >> 8 * i & 0xff);
  CHECK_EQUAL(envelope_key_id(moved).value(), other);
  CHECK_FAULT(open(keyset, kContext, moved), Fault::corrupt);
}

CALINT_TEST(a_value_opens_while_its_key_is_pending_primary_or_enabled) {
  Keyset keyset = new_keyset();
  const uint32_t first = keyset.primary().id;
  const uint32_t second = keyset.add(SystemClock().now()).value();
  CHECK_EQUAL(envelope_key_id(seal(keyset, kContext, text()).value()).value(), first);
  const Keyset behind = keyset;  // a node on which the second key is still pending
  CHECK_OK(keyset.promote(second));
  const std::string envelope = seal(keyset, kContext, text()).value();
  CHECK_EQUAL(envelope_key_id(envelope).value(), second);
  CHECK_OK(open(behind, kContext, envelope));
  CHECK_OK(keyset.promote(first));
  CHECK_OK(open(keyset, kContext, envelope));
}

CALINT_TEST(an_unknown_or_disabled_key_is_the_operators_fault) {
  Keyset keyset = new_keyset();
  const uint32_t first = keyset.primary().id;
  const std::string envelope = seal(keyset, kContext, text()).value();
  CHECK_OK(keyset.promote(keyset.add(SystemClock().now()).value()));
  CHECK_OK(open(keyset, kContext, envelope));
  CHECK_OK(keyset.retire(first));
  for (const Keyset& lacking : {keyset, new_keyset()}) {
    auto opened = open(lacking, kContext, envelope);
    CHECK_FAULT(opened, Fault::operator_fault);
    CHECK_EQUAL(opened.error().detail, Detail::unopened);
    CHECK(opened.error().what.find(key_id_text(first)) != std::string::npos);
  }
}

CALINT_TEST(values_of_any_bytes_and_size_open_again) {
  const Keyset keyset = new_keyset();
  RandomBytes random(5116);
  for (size_t round = 0; round < 300; ++round) {
    const std::string bytes = random.bytes(round < 64 ? round : random.below(8192));
    const std::string first = random.bytes(random.below(20)), second = random.bytes(random.below(20));
    auto envelope = seal(keyset, {first, second}, Secret(std::string_view(bytes)));
    CHECK_OK(envelope);
    auto opened = open(keyset, {first, second}, *envelope);
    CHECK_OK(opened);
    CHECK_EQUAL(opened->reveal(), bytes);
  }
}

CALINT_TEST(random_bytes_are_never_taken_for_an_envelope) {
  const Keyset keyset = new_keyset();
  RandomBytes random(99);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = random.bytes(random.below(120));
    if (round % 2 == 0 && !bytes.empty()) bytes[0] = 1;
    CHECK(!open(keyset, kContext, bytes).ok());
  }
  CHECK_FAULT(envelope_key_id(""), Fault::corrupt);
  CHECK_FAULT(envelope_key_id(std::string(100, '\2')), Fault::corrupt);
}
