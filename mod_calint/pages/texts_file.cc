#include "pages/texts_file.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/text.h"

namespace calint::pages {
namespace {

// Which bounds how deep one can be nested as well.
constexpr size_t kLongestText = 4096;

Error unusable(std::string why) { return Error{.fault = Fault::bad_input, .what = std::move(why)}; }

Result<Message> parse_text(const json_t* value) {
  const auto text = string_value(value);
  if (!text) return unusable("isn't a string");
  if (trimmed(*text).empty()) return unusable("says nothing");
  if (text->size() > kLongestText) return unusable(fmt::format("is longer than {} bytes", kLongestText));
  return Message::parse(std::string(*text));
}

// "{count, number}, {name}"
std::string list_of(const Parameters& parameters) {
  std::string list;
  for (const auto& [name, kind] : parameters)
    list += fmt::format("{}{{{}{}}}", list.empty() ? "" : ", ", name, kind == ParameterKind::count ? ", number" : "");
  return list.empty() ? "no argument" : list;
}

// A count may also be written as it is; words can't be counted.
bool fit(const Parameters& given, const Parameters& wanted) {
  if (given.size() != wanted.size()) return false;
  for (const auto& [name, kind] : given) {
    const auto found = wanted.find(name);
    if (found == wanted.end() || (kind == ParameterKind::count && found->second != kind)) return false;
  }
  return true;
}

}  // namespace

Result<Texts> parse_texts(std::string_view json) {
  json_error_t failure;
  const Json object(json_loadb(json.data(), json.size(), JSON_REJECT_DUPLICATES, &failure));
  if (!object) return unusable(fmt::format("line {}: {}", failure.line, failure.text));
  if (!json_is_object(object.get())) return unusable("isn't a JSON object");
  Texts texts;
  const char* id = nullptr;
  json_t* value = nullptr;
  json_object_foreach(object.get(), id, value) {
    auto text = parse_text(value);
    if (!text) return unusable(fmt::format("\"{}\" {}", id, text.error().what));
    texts.emplace(id, std::move(*text));
  }
  return texts;
}

Status check_texts(const Texts& texts, const Texts& master) {
  for (const auto& [id, text] : texts) {
    const auto known = master.find(id);
    if (known == master.end()) return unusable(fmt::format("there is no text \"{}\"", id));
    if (!fit(text.parameters(), known->second.parameters()))
      return unusable(fmt::format("\"{}\" takes {}, and has {}", id, list_of(known->second.parameters()),
                                  list_of(text.parameters())));
  }
  return {};
}

}  // namespace calint::pages
