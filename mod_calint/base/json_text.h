// Foreign JSON taken apart as text, before any of it is a tree: an answer with thousands of entries never is one as a
// whole, and an entry that is broken loses no other.
#pragma once

#include <string_view>
#include <vector>

namespace calint {

// What was found, as it is written, in order: views into the text that was asked.
struct JsonParts {
  std::vector<std::string_view> parts;
  bool whole = true;  // false: the text ends before its closing bracket does, goes on behind it, or isn't of that kind
};

// The values of the members called `name` of the outermost object; the last of them may be cut off with the text.
JsonParts member_texts(std::string_view object, std::string_view name);

// At most `most` elements of an array; a cut-off one is none of them.
JsonParts element_texts(std::string_view array, size_t most);

}  // namespace calint
