// A sentence for a person, before it is said in a language: the id of a text and its arguments. The build makes a type
// of each id in texts/en.json, so that an id that isn't there, or an argument too many or too few, doesn't compile:
//
//   #include "pages/texts.h"
//   language.say(texts::notice::connected{.provider = name})
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/provider_id.h"

namespace calint::pages {

// What stands for {name} in a text.
struct Argument {
  std::string_view name;  // static storage
  std::variant<std::string, int64_t> value;
};

struct Text {
  std::string_view id;  // "notice.connected"; static storage
  std::vector<Argument> arguments = {};
};

// What a text takes. None has a default, so that none can be left out.

struct Words {
  Words(std::string_view words) : value(words) {}
  Words(const std::string& words) : value(words) {}
  Words(std::string&& words) : value(std::move(words)) {}
  Words(const char* words) : value(words) {}
  std::string value;
};

struct Count {
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Count(T count) : value(static_cast<int64_t>(count)) {}
  int64_t value;
};

// Of "provider.<name>.x": which one's.
struct Whose {
  Whose(ProviderId id) : provider(id) {}
  ProviderId provider;
};

// For what the build makes.
inline void append(std::vector<Argument>&) {}
template <typename Value, typename... Rest>
void append(std::vector<Argument>& all, std::string_view name, Value value, Rest... rest) {
  all.push_back({name, std::move(value.value)});
  append(all, std::move(rest)...);
}
template <typename... NamesAndValues>
Text text_of(std::string_view id, NamesAndValues... arguments) {
  Text text{.id = id};
  text.arguments.reserve(sizeof...(arguments) / 2);
  append(text.arguments, std::move(arguments)...);
  return text;
}

}  // namespace calint::pages
