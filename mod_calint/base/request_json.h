// What somebody asks in JSON, read strictly: every member is known, of its type and within its bounds, and whatever is
// wrong is told with the place where it stands. Nothing is built beyond the bounds.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace calint {

// One thing that is wrong: where (RFC 6901, "/groups/0/required"; empty for the whole) and what, for people.
struct Problem {
  std::string pointer;
  std::string detail;

  bool operator==(const Problem&) const = default;
};

// Problems in the order in which they were found. Only so many are kept, that no request has an answer much longer
// than itself; the last one then says so.
class Problems {
 public:
  static constexpr size_t kMost = 100;

  void add(std::string pointer, std::string detail);
  bool empty() const { return found_.empty(); }
  const std::vector<Problem>& found() const { return found_; }

 private:
  std::vector<Problem> found_;
};

struct JsonLimits {
  size_t bytes = 256 * 1024;
  size_t levels = 16;       // of brackets within brackets
  size_t values = 100'000;  // each takes up to a hundred bytes of memory
};

// The value, or nullptr and one problem: too long, too deep, no JSON (with line and column), a doubled member.
Json parse_json(std::string_view text, const JsonLimits& limits, Problems& problems);

// A value and where it stands. A value that is `null` counts as left out. Views live as long as the tree.
class JsonPlace {
 public:
  JsonPlace(const json_t* value, std::string pointer, Problems& problems)
      : value_(value), pointer_(std::move(pointer)), problems_(&problems) {}

  explicit operator bool() const { return value_ != nullptr && !json_is_null(value_); }
  const json_t* value() const { return value_; }
  const std::string& pointer() const { return pointer_; }
  Problems& problems() const { return *problems_; }
  void wrong(std::string detail) const { problems_->add(pointer_, std::move(detail)); }

  // Each is nullopt where the value is left out, and where it is another one: then there is a problem as well.
  std::optional<int64_t> whole_number(int64_t least, int64_t most) const;
  std::optional<bool> boolean() const;
  std::optional<std::chrono::sys_seconds> time() const;                 // base/rfc3339.h
  std::optional<std::string> text(size_t most_bytes) const;             // not empty, without control characters
  // The index of the text in `words`.
  std::optional<size_t> one_of(std::initializer_list<std::string_view> words) const;
  // The elements; empty where there are none, or the value is no array.
  std::vector<JsonPlace> elements() const;

 private:
  const json_t* value_;
  std::string pointer_;
  Problems* problems_;
};

// An object, whose members are asked for by name.
class JsonMembers {
 public:
  // Where `object` isn't one, there is a problem, and there are no members.
  explicit JsonMembers(const JsonPlace& object);

  JsonPlace optional(const char* name);
  JsonPlace needed(const char* name);  // a problem where it is left out
  // All of them, for an object whose names are data.
  std::vector<std::pair<std::string, JsonPlace>> all();
  // A problem for each member that nobody has asked for. Call it last.
  void refuse_others() const;
  bool is_object() const { return json_is_object(object_.value()); }

 private:
  JsonPlace object_;
  std::set<std::string, std::less<>> known_;
};

// `pointer` with one more step; "~" and "/" in it are escaped as RFC 6901 says.
std::string json_pointer(std::string_view pointer, std::string_view step);

// `text` as a string of JSON, with quotation marks. It has to be UTF-8.
std::string json_quoted(std::string_view text);

}  // namespace calint
