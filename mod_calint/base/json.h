// Foreign JSON (RFC 8259), parsed by jansson: a tree that is owned, and readers that are strict about types.
#pragma once

#include <jansson.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace calint {

struct JsonRelease {
  void operator()(json_t* value) const { json_decref(value); }
};
// Owns one reference. jansson frees its strings without wiping them.
using Json = std::unique_ptr<json_t, JsonRelease>;

// An object with nothing but white space around it and without doubled members; nullptr for anything else, and for
// more than some 50,000 values (commas and opening brackets), which would take memory far beyond the text's own size.
// A flaw in a string loses nothing else: what isn't UTF-8 and halves of surrogate pairs become U+FFFD. jansson refuses
// nesting beyond 2048 levels. Strings may hold NUL: readers know their length.
Json parse_json_object(std::string_view text);

// The same for one of many entries: control characters are dropped where it can't be read otherwise, of a doubled
// member the last counts, and every number is a real.
Json parse_json_entry(std::string_view text);

// The member if it is there and a string; the view lives as long as `object`. `object` may be any value or
// nullptr: what isn't an object has no members.
std::optional<std::string_view> string_member(const json_t* object, const char* name);
// The value itself if it is a string.
std::optional<std::string_view> string_value(const json_t* value);
std::optional<int64_t> integer_member(const json_t* object, const char* name);
// True only where the member is there and `true`.
bool true_member(const json_t* object, const char* name);

}  // namespace calint
