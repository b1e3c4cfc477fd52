#include "crypto/keyset.h"

#include <algorithm>
#include <set>

#include "crypto/seal.h"
#include "crypto/xaes.h"
#include "support/check.h"

using namespace calint;
using namespace calint::crypto;

namespace {

const Instant kNow = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + std::chrono::hours(7);

KeyStatus status_of(const Keyset& keyset, uint32_t id) {
  for (const Key& key : keyset.keys())
    if (key.id == id) return key.status;
  ck_abort_msg("the key is not in the keyset");
}

// A keyset with one key of each status.
struct FourKeys {
  Keyset keyset = Keyset::generate(kNow).value();
  uint32_t disabled = keyset.primary().id;
  uint32_t enabled = keyset.add(kNow).value();
  uint32_t primary = keyset.add(kNow).value();
  uint32_t pending = keyset.add(kNow).value();

  FourKeys() {
    CHECK_OK(keyset.promote(enabled));
    CHECK_OK(keyset.promote(primary));
    CHECK_OK(keyset.retire(disabled));
  }
};

uint32_t absent_id(const Keyset& keyset) {
  uint32_t id = 1;
  while (std::any_of(keyset.keys().begin(), keyset.keys().end(), [id](const Key& key) { return key.id == id; })) ++id;
  return id;
}

}  // namespace

CALINT_TEST(a_new_keyset_has_one_primary_key_and_an_index_key) {
  const Keyset keyset = Keyset::generate(kNow + std::chrono::microseconds(123456)).value();
  CHECK_EQUAL(keyset.keys().size(), 1);
  CHECK_EQUAL(keyset.primary().status, KeyStatus::primary);
  CHECK(keyset.primary().id != 0);
  CHECK_EQUAL(keyset.primary().bytes.size(), kXaesKeyBytes);
  CHECK_EQUAL(keyset.primary().created_at, kNow);
  CHECK_EQUAL(keyset.index_key().size(), kIndexKeyBytes);
  CHECK(!keyset.index_key().equals(keyset.primary().bytes.reveal()));
}

CALINT_TEST(no_two_keysets_are_alike) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const Keyset keyset = Keyset::generate(kNow).value();
    seen.insert(std::string(keyset.primary().bytes.reveal()));
    seen.insert(std::string(keyset.index_key().reveal()));
  }
  CHECK_EQUAL(seen.size(), 200);
}

CALINT_TEST(adding_a_key_leaves_the_primary_alone) {
  Keyset keyset = Keyset::generate(kNow).value();
  const uint32_t first = keyset.primary().id;
  const uint32_t second = keyset.add(kNow).value();
  CHECK(second != first);
  CHECK_EQUAL(keyset.primary().id, first);
  CHECK_EQUAL(status_of(keyset, second), KeyStatus::pending);
  CHECK(!keyset.find(first)->bytes.equals(keyset.find(second)->bytes.reveal()));
}

CALINT_TEST(a_keyset_is_full_at_its_limit) {
  Keyset keyset = Keyset::generate(kNow).value();
  std::set<uint32_t> ids = {keyset.primary().id};
  while (keyset.keys().size() < kMaxKeys) ids.insert(keyset.add(kNow).value());
  CHECK_EQUAL(ids.size(), kMaxKeys);
  CHECK(!ids.contains(0));
  CHECK_FAULT(keyset.add(kNow), Fault::conflict);
  CHECK_EQUAL(keyset.keys().size(), kMaxKeys);
  CHECK_OK(Keyset::parse(keyset.to_json().reveal()));
}

CALINT_TEST(promotion_enables_the_old_primary) {
  FourKeys keys;
  for (uint32_t id : {keys.pending, keys.enabled}) {
    const uint32_t old = keys.keyset.primary().id;
    CHECK_OK(keys.keyset.promote(id));
    CHECK_EQUAL(keys.keyset.primary().id, id);
    CHECK_EQUAL(status_of(keys.keyset, old), KeyStatus::enabled);
    CHECK_EQUAL(status_of(keys.keyset, keys.disabled), KeyStatus::disabled);
  }
}

CALINT_TEST(a_primary_disabled_or_unknown_key_is_not_promoted) {
  FourKeys keys;
  const std::string before(keys.keyset.to_json().reveal());
  for (uint32_t id : {keys.primary, keys.disabled, absent_id(keys.keyset), 0U}) {
    const Status refused = keys.keyset.promote(id);
    CHECK_FAULT(refused, Fault::conflict);
    CHECK(refused.error().what.find(key_id_text(id)) != std::string::npos);
  }
  CHECK_EQUAL(keys.keyset.to_json().reveal(), before);
}

CALINT_TEST(an_enabled_or_pending_key_can_be_retired) {
  FourKeys keys;
  for (uint32_t id : {keys.enabled, keys.pending}) {
    CHECK_OK(keys.keyset.retire(id));
    CHECK_EQUAL(status_of(keys.keyset, id), KeyStatus::disabled);
    CHECK(keys.keyset.find(id) == nullptr);
  }
  CHECK_EQUAL(keys.keyset.primary().id, keys.primary);
}

CALINT_TEST(a_primary_disabled_or_unknown_key_is_not_retired) {
  FourKeys keys;
  const std::string before(keys.keyset.to_json().reveal());
  for (uint32_t id : {keys.primary, keys.disabled, absent_id(keys.keyset), 0U})
    CHECK_FAULT(keys.keyset.retire(id), Fault::conflict);
  CHECK_EQUAL(keys.keyset.to_json().reveal(), before);
}

CALINT_TEST(a_retired_key_is_enabled_again) {
  FourKeys keys;
  CHECK_OK(keys.keyset.enable(keys.disabled));
  CHECK_EQUAL(status_of(keys.keyset, keys.disabled), KeyStatus::enabled);
  CHECK(keys.keyset.find(keys.disabled) != nullptr);
  for (uint32_t id : {keys.primary, keys.enabled, keys.pending, absent_id(keys.keyset)})
    CHECK_FAULT(keys.keyset.enable(id), Fault::conflict);
}

CALINT_TEST(all_but_disabled_keys_are_found) {
  const FourKeys keys;
  for (uint32_t id : {keys.primary, keys.enabled, keys.pending}) {
    const Key* found = keys.keyset.find(id);
    CHECK(found != nullptr);
    CHECK_EQUAL(found->id, id);
  }
  CHECK(keys.keyset.find(keys.disabled) == nullptr);
  CHECK(keys.keyset.find(absent_id(keys.keyset)) == nullptr);
}

CALINT_TEST(rotation_keeps_the_index_key) {
  FourKeys keys;
  const std::string before(keys.keyset.index_key().reveal());
  CHECK_OK(keys.keyset.promote(keys.pending));
  CHECK_OK(keys.keyset.add(kNow));
  CHECK(keys.keyset.index_key().equals(before));
}

CALINT_TEST(key_ids_are_eight_hexadecimal_digits) {
  CHECK_EQUAL(key_id_text(0x0a1b2c3d), "0a1b2c3d");
  CHECK_EQUAL(key_id_text(1), "00000001");
  CHECK_EQUAL(key_id_text(0xffffffff), "ffffffff");
  CHECK_EQUAL(parse_key_id("0a1b2c3d").value(), 0x0a1b2c3d);
  CHECK_EQUAL(parse_key_id("FFFFFFFF").value(), 0xffffffff);
  for (const char* text :
       {"", "0", "00000000", "0a1b2c3", "0a1b2c3d4", "0a1b2c3d4e", "0x1b2c3d", " a1b2c3d", "0a1b2c3g", "-0000001"})
    CHECK_FAULT(parse_key_id(text), Fault::bad_input);
}
