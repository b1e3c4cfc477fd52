#include "pages/sentences.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"

namespace calint::pages {
namespace {

Error unusable(std::string why) { return Error{.fault = Fault::bad_input, .what = std::move(why)}; }

// A text between tags or in a quoted attribute; no tag begins in it.
std::string markup_of(std::string_view words) {
  std::string markup;
  for (const char c : words) {
    switch (c) {
      case '&': markup += "&amp;"; break;
      case '<': markup += "&lt;"; break;
      case '>': markup += "&gt;"; break;
      case '"': markup += "&quot;"; break;
      case '{': markup += "&#123;"; break;
      default: markup += c;
    }
  }
  return markup;
}

// What stands before and behind the argument that has markup of its own; where there is none, all is before.
struct Sentence {
  std::string before;
  std::optional<std::string> behind;
};

// `tag`: the id, and where a blank follows, the argument's name.
Result<Sentence> sentence_of(std::string_view tag, const Language& language) {
  const std::string_view id = tag.substr(0, tag.find(' '));
  const std::string_view marked = trimmed(tag.substr(id.size()));
  const auto found = language.texts().find(id);
  if (found == language.texts().end()) return unusable(fmt::format("there is no text '{}'", id));
  const auto parts = found->second.parts();
  if (!parts) return unusable(fmt::format("'{}' depends on a value, which a template hasn't", id));
  if (!marked.empty() && std::ranges::count(*parts, marked, &Message::Part::argument) != 1)
    return unusable(fmt::format("'{}' doesn't take {{{}}}, or not once", id, marked));
  Sentence sentence;
  for (const Message::Part& part : *parts) {
    std::string& side = sentence.behind ? *sentence.behind : sentence.before;
    side += markup_of(part.literal);
    if (!marked.empty() && part.argument == marked)
      sentence.behind.emplace();
    else if (!part.argument.empty())
      side += "{{" + part.argument + "}}";
  }
  return sentence;
}

}  // namespace

Result<std::string> with_sentences(std::string_view text, const Language& language) {
  std::string page;
  std::vector<std::string> open;  // what stands behind the sentences' arguments, outermost first
  for (;;) {
    const size_t begin = text.find("{{");
    const size_t end = begin == std::string_view::npos ? begin : text.find("}}", begin);
    if (end == std::string_view::npos) break;
    const std::string_view tag = trimmed(text.substr(begin + 2, end - begin - 2));
    page += text.substr(0, begin);
    if (tag == "/@") {
      if (open.empty()) return unusable("{{/@}} ends no sentence");
      page += open.back();
      open.pop_back();
    } else if (tag.starts_with('@')) {
      auto sentence = sentence_of(trimmed(tag.substr(1)), language);
      if (!sentence) return std::move(sentence).error();
      page += sentence->before;
      if (sentence->behind) open.push_back(std::move(*sentence->behind));
    } else {
      page += text.substr(begin, end + 2 - begin);
    }
    text.remove_prefix(end + 2);
  }
  if (!open.empty()) return unusable("a sentence has no {{/@}}");
  return page + std::string(text);
}

}  // namespace calint::pages
