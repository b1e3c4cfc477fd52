#include "crypto/keyset.h"
#include "support/check.h"

using namespace calint;
using namespace calint::crypto;

namespace {

const std::string kIndexKey(43, 'A');
const std::string kFirstKey = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";   // 32 bytes of 1
const std::string kSecondKey = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";  // 32 bytes of 2

std::string key(const std::string& id, const std::string& status, const std::string& bytes = kFirstKey,
                const std::string& created_at = "2026-11-25T07:30:00Z") {
  return R"({"id":")" + id + R"(","status":")" + status + R"(","key":")" + bytes + R"(","created_at":")" + created_at +
         "\"}";
}

std::string keyset(const std::string& keys, const std::string& index_key = kIndexKey) {
  return R"({"version":1,"index_key":")" + index_key + R"(","keys":[)" + keys + "]}";
}

const std::string kGood = keyset(key("0a1b2c3d", "primary"));

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// Refused, with `field` named and no key material in the message.
void check_refused(const std::string& json, const std::string& field) {
  auto parsed = Keyset::parse(json);
  CHECK_FAULT(parsed, Fault::bad_input);
  const std::string& what = parsed.error().what;
  ck_assert_msg(what.find(field) != std::string::npos, "'%s' doesn't name %s", what.c_str(), field.c_str());
  for (const std::string& secret : {kFirstKey.substr(0, 12), kSecondKey.substr(0, 12), kIndexKey.substr(0, 12)})
    CHECK_EQUAL(what.find(secret), std::string::npos);
}

}  // namespace

CALINT_TEST(a_keyset_is_read_from_json) {
  const std::string keys = key("0a1b2c3d", "enabled", kFirstKey, "2026-01-02T03:04:05Z") + "," +
                           key("ffffffff", "primary", kSecondKey) + "," + key("00000001", "pending") + "," +
                           key("00000002", "disabled");
  auto parsed = Keyset::parse(keyset(keys));
  CHECK_OK(parsed);
  CHECK_EQUAL(parsed->keys().size(), 4);
  CHECK_EQUAL(parsed->primary().id, 0xffffffff);
  CHECK(parsed->primary().bytes.equals(std::string(32, '\2')));
  CHECK(parsed->index_key().equals(std::string(32, '\0')));
  const Key& first = parsed->keys()[0];
  CHECK_EQUAL(first.id, 0x0a1b2c3d);
  CHECK_EQUAL(first.status, KeyStatus::enabled);
  CHECK(first.bytes.equals(std::string(32, '\1')));
  CHECK(first.created_at ==
        std::chrono::sys_days(std::chrono::year(2026) / 1 / 2) + std::chrono::seconds(3 * 3600 + 4 * 60 + 5));
  CHECK_EQUAL(parsed->keys()[2].status, KeyStatus::pending);
  CHECK_EQUAL(parsed->keys()[3].status, KeyStatus::disabled);
}

CALINT_TEST(a_keyset_survives_json_unchanged) {
  for (int round = 0; round < 50; ++round) {
    Keyset original = Keyset::generate(SystemClock().now()).value();
    for (int i = 0; i < round % 5; ++i) {
      const uint32_t id = original.add(SystemClock().now()).value();
      if (i % 2 == 0) CHECK_OK(original.promote(id));
      if (i % 3 == 1) CHECK_OK(original.retire(id));
    }
    auto copy = Keyset::parse(original.to_json().reveal());
    CHECK_OK(copy);
    CHECK_EQUAL(copy->keys().size(), original.keys().size());
    for (size_t i = 0; i < original.keys().size(); ++i) {
      const Key &before = original.keys()[i], &after = copy->keys()[i];
      CHECK_EQUAL(after.id, before.id);
      CHECK_EQUAL(after.status, before.status);
      CHECK_EQUAL(after.created_at, before.created_at);
      CHECK(after.bytes.equals(before.bytes.reveal()));
    }
    CHECK(copy->index_key().equals(original.index_key().reveal()));
    CHECK_EQUAL(copy->to_json().reveal(), original.to_json().reveal());
  }
}

CALINT_TEST(what_is_no_json_object_is_refused) {
  for (const char* text : {"", " ", "null", "[]", "\"keyset\"", "1", "{", "{}x", "{'version':1}"})
    CHECK_FAULT(Keyset::parse(text), Fault::bad_input);
  CHECK_FAULT(Keyset::parse(kGood + kGood), Fault::bad_input);
  CHECK_FAULT(Keyset::parse(kGood + std::string(1, '\0')), Fault::bad_input);
  for (size_t size = 0; size < kGood.size(); ++size)
    CHECK_FAULT(Keyset::parse(kGood.substr(0, size)), Fault::bad_input);
  CHECK_OK(Keyset::parse(kGood));
  CHECK_OK(Keyset::parse(" \n" + kGood + "\r\n"));
}

CALINT_TEST(missing_unknown_and_doubled_members_are_refused) {
  check_refused("{}", "version");
  check_refused(replaced(kGood, R"("version":1,)", ""), "version");
  check_refused(replaced(kGood, R"("index_key":")" + kIndexKey + "\",", ""), "index_key");
  check_refused(replaced(kGood, R"("version":1,)", R"("version":1,"comment":"x",)"), "version");
  check_refused(replaced(kGood, R"("version":1,)", R"("version":1,"version":1,)"), "doubled");
  check_refused(replaced(kGood, R"("id":"0a1b2c3d",)", ""), "keys[0]");
  check_refused(replaced(kGood, R"("id":)", R"("note":"","id":)"), "keys[0]");
  check_refused(replaced(kGood, R"("id":)", R"("id":"0a1b2c3d","id":)"), "doubled");
}

CALINT_TEST(other_versions_are_refused) {
  for (const char* version : {"0", "2", "1.0", "-1", "\"1\"", "true", "null", "[1]"})
    check_refused(replaced(kGood, R"("version":1)", std::string(R"("version":)") + version), "version");
}

CALINT_TEST(members_of_other_types_are_refused) {
  for (const char* value : {"1", "null", "true", "[]", "{}"}) {
    const std::string other = value;
    check_refused(replaced(kGood, "\"" + kIndexKey + "\"", other), "index_key");
    check_refused(replaced(kGood, "\"0a1b2c3d\"", other), "keys[0].id");
    check_refused(replaced(kGood, "\"primary\"", other), "keys[0].status");
    check_refused(replaced(kGood, "\"" + kFirstKey + "\"", other), "keys[0].key");
    check_refused(replaced(kGood, "\"2026-11-25T07:30:00Z\"", other), "keys[0].created_at");
    if (other != "[]") check_refused(keyset("1").replace(keyset("1").find("[1]"), 3, other), "keys");
    check_refused(keyset(key("00000001", "primary") + "," + other), "keys[1]");
  }
}

CALINT_TEST(keys_of_other_sizes_and_spellings_are_refused) {
  for (const std::string& bytes :
       {std::string(), kFirstKey.substr(1), kFirstKey + "A", kFirstKey + "=", kFirstKey.substr(0, 22), kFirstKey + "AQ",
        kFirstKey.substr(0, 42) + "F", kFirstKey.substr(0, 42) + "+", " " + kFirstKey.substr(1)}) {
    check_refused(keyset(key("00000001", "primary", bytes)), "keys[0].key");
    check_refused(keyset(key("00000001", "primary"), bytes), "index_key");
  }
}

CALINT_TEST(ids_statuses_and_times_are_strict) {
  for (const char* id : {"", "0", "00000000", "0a1b2c3", "0a1b2c3d4", "0a1b2c3g", "0x0a1b2c"})
    check_refused(keyset(key(id, "primary")), "keys[0].id");
  for (const char* status : {"", "Primary", "primary ", "active", "retired"})
    check_refused(keyset(key("00000001", status)), "keys[0].status");
  for (const char* at :
       {"", "2026-11-25", "2026-11-25T07:30:00", "2026-11-25 07:30:00Z", "2026-11-25T07:30:00+00:00",
        "2026-11-25T07:30:00.5Z", "2026-02-29T07:30:00Z", "2026-13-01T07:30:00Z", "2026-11-25T24:00:00Z",
        "2026-11-25T07:60:00Z", "2026-1-2T07:30:00Z", " 2026-11-25T07:30:00Z", "2026-11-25T07:30:00Zx", "1764055800"})
    check_refused(keyset(key("00000001", "primary", kFirstKey, at)), "keys[0].created_at");
}

CALINT_TEST(a_keyset_has_exactly_one_primary_key) {
  check_refused(keyset(""), "primary");
  for (const char* status : {"pending", "enabled", "disabled"})
    check_refused(keyset(key("00000001", status)), "primary");
  check_refused(keyset(key("00000001", "primary") + "," + key("00000002", "primary")), "primary");
}

CALINT_TEST(doubled_ids_are_refused) {
  check_refused(keyset(key("0000000a", "primary") + "," + key("0000000a", "disabled")), "keys[1].id");
  check_refused(keyset(key("0000000a", "primary") + "," + key("0000000A", "enabled")), "keys[1].id");
}

CALINT_TEST(more_keys_than_a_keyset_holds_are_refused) {
  std::string keys = key("ffffffff", "primary");
  for (uint32_t id = 1; id < kMaxKeys; ++id) keys += "," + key(key_id_text(id), "disabled");
  CHECK_OK(Keyset::parse(keyset(keys)));
  check_refused(keyset(keys + "," + key("eeeeeeee", "disabled")), "keys");
}
