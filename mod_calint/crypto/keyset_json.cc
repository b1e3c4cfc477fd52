// Keyset::parse and to_json.
#include <date/date.h>
#include <jansson.h>

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "base/encoding.h"
#include "base/json.h"
#include "crypto/keyset.h"
#include "crypto/xaes.h"

namespace calint::crypto {
namespace {

constexpr char kTimeFormat[] = "%FT%TZ";  // RFC 3339, UTC, whole seconds

Error bad_field(const std::string& field, std::string_view problem) {
  return Error{.fault = Fault::bad_input, .what = "keyset: " + field + " " + std::string(problem)};
}

std::string time_text(Instant at) { return date::format(kTimeFormat, std::chrono::floor<std::chrono::seconds>(at)); }

std::optional<Instant> parse_time(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::chrono::sys_seconds at{};
  date::from_stream(in, kTimeFormat, at);
  // Written again it must be the same: the parser is more lenient than RFC 3339.
  if (in.fail() || time_text(at) != text) return std::nullopt;
  return at;
}

std::optional<KeyStatus> parse_status(std::string_view text) {
  for (KeyStatus status : {KeyStatus::pending, KeyStatus::primary, KeyStatus::enabled, KeyStatus::disabled})
    if (to_string(status) == text) return status;
  return std::nullopt;
}

// 32 bytes as base64url; empty for anything else.
Secret parse_bytes(std::optional<std::string_view> text, size_t size) {
  auto bytes = text ? base64url_decode(*text) : std::nullopt;
  if (!bytes) return {};
  Secret secret(std::move(*bytes));
  return secret.size() == size ? secret : Secret();
}

// Exactly these members, none more.
bool has_members(const json_t* object, std::initializer_list<const char*> names) {
  return json_object_size(object) == names.size() &&
         std::all_of(names.begin(), names.end(), [&](const char* name) { return json_object_get(object, name); });
}

Result<Key> parse_key(const json_t* value, const std::string& field) {
  if (!has_members(value, {"id", "status", "key", "created_at"}))
    return bad_field(field, "must have id, status, key and created_at, and nothing else");
  const auto id = parse_key_id(string_member(value, "id").value_or(""));
  if (!id.ok()) return bad_field(field + ".id", "must be 8 hexadecimal digits and not zero");
  const auto status = parse_status(string_member(value, "status").value_or(""));
  if (!status) return bad_field(field + ".status", "must be pending, primary, enabled or disabled");
  Secret bytes = parse_bytes(string_member(value, "key"), kXaesKeyBytes);
  if (bytes.empty()) return bad_field(field + ".key", "must be 32 bytes in base64url");
  const auto created_at = parse_time(string_member(value, "created_at").value_or(""));
  if (!created_at) return bad_field(field + ".created_at", "must be a time such as 2026-11-25T07:30:00Z");
  return Key{.id = *id, .status = *status, .bytes = std::move(bytes), .created_at = *created_at};
}

void set_text(json_t* object, const char* name, std::string_view text) {
  if (json_object_set_new(object, name, json_stringn(text.data(), text.size())) != 0) throw std::bad_alloc();
}

void set_bytes(json_t* object, const char* name, const Secret& bytes) {
  const Secret text(base64url_encode(bytes.reveal()));
  set_text(object, name, text.reveal());
}

}  // namespace

Result<Keyset> Keyset::parse(std::string_view json) {
  const Json root = parse_json_object(json);
  if (!root) return bad_field("the text", "must be one JSON object without doubled members");
  if (!has_members(root.get(), {"version", "index_key", "keys"}))
    return bad_field("the object", "must have version, index_key and keys, and nothing else");
  if (integer_member(root.get(), "version") != 1) return bad_field("version", "must be 1");

  Keyset keyset;
  keyset.index_key_ = parse_bytes(string_member(root.get(), "index_key"), kIndexKeyBytes);
  if (keyset.index_key_.empty()) return bad_field("index_key", "must be 32 bytes in base64url");
  const json_t* keys = json_object_get(root.get(), "keys");
  if (!json_is_array(keys)) return bad_field("keys", "must be an array");
  if (json_array_size(keys) > kMaxKeys) return bad_field("keys", "are more than a keyset holds");
  size_t primaries = 0;
  for (size_t i = 0; i < json_array_size(keys); ++i) {
    const std::string field = "keys[" + std::to_string(i) + "]";
    auto key = parse_key(json_array_get(keys, i), field);
    if (!key.ok()) return std::move(key).error();
    const auto same_id = [&](const Key& other) { return other.id == key->id; };
    if (std::any_of(keyset.keys_.begin(), keyset.keys_.end(), same_id)) return bad_field(field + ".id", "is doubled");
    if (key->status == KeyStatus::primary) ++primaries;
    keyset.keys_.push_back(std::move(*key));
  }
  if (primaries != 1) return bad_field("keys", "must have exactly one key whose status is primary");
  return keyset;
}

Secret Keyset::to_json() const {
  const Json root(json_object());
  json_t* keys = json_array();
  if (!root || json_object_set_new(root.get(), "version", json_integer(1)) != 0) throw std::bad_alloc();
  set_bytes(root.get(), "index_key", index_key_);
  if (json_object_set_new(root.get(), "keys", keys) != 0) throw std::bad_alloc();
  for (const Key& key : keys_) {
    json_t* value = json_object();
    if (json_array_append_new(keys, value) != 0) throw std::bad_alloc();
    set_text(value, "id", key_id_text(key.id));
    set_text(value, "status", to_string(key.status));
    set_bytes(value, "key", key.bytes);
    set_text(value, "created_at", time_text(key.created_at));
  }
  // Measured first, so that no copy of the text stays behind in a buffer that grew.
  std::string text(json_dumpb(root.get(), nullptr, 0, JSON_INDENT(2)), '\0');
  json_dumpb(root.get(), text.data(), text.size(), JSON_INDENT(2));
  return Secret(std::move(text));
}

}  // namespace calint::crypto
