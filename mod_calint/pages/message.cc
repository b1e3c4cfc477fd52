#include "pages/message.h"

#include <fmt/format.h>
#include <unicode/messagepattern.h>

#include <algorithm>
#include <stdexcept>

namespace calint::pages {
namespace {

using Parts = icu::MessagePattern;
using Part = icu::MessagePattern::Part;

std::string utf8(const icu::UnicodeString& text) {
  std::string bytes;
  return text.toUTF8String(bytes);
}

Error unusable(std::string why) { return Error{.fault = Fault::bad_input, .what = std::move(why)}; }

const Argument& find(const std::vector<Argument>& arguments, std::string_view name) {
  const auto found = std::ranges::find(arguments, name, &Argument::name);
  if (found == arguments.end()) throw std::logic_error("a text without its argument " + std::string(name));
  return *found;
}

int64_t count_of(const Argument& argument) {
  const int64_t* count = std::get_if<int64_t>(&argument.value);
  if (count == nullptr) throw std::logic_error("a text whose argument is no count: " + std::string(argument.name));
  return *count;
}

std::string shown(const Argument& argument, const Locale& locale) {
  if (const std::string* words = std::get_if<std::string>(&argument.value)) return *words;
  return locale.digits(count_of(argument));
}

}  // namespace

// Goes once through what ICU made of a pattern. The limit of a message or an argument is the part that ends it.
class MessageReader {
 public:
  MessageReader(const Parts& parts, Message& message) : parts_(parts), message_(message) {}

  // The message that begins at this part; # in it is the argument `counted`.
  Result<std::vector<Message::Piece>> read(int32_t start, const std::string& counted = {}) {
    std::vector<Message::Piece> pieces;
    const int32_t limit = parts_.getLimitPartIndex(start);
    int32_t from = parts_.getPart(start).getLimit();
    for (int32_t i = start + 1; i <= limit; ++i) {
      const Part& part = parts_.getPart(i);
      literal(pieces, utf8(parts_.getPatternString().tempSubStringBetween(from, part.getIndex())));
      from = part.getLimit();
      if (part.getType() == UMSGPAT_PART_TYPE_REPLACE_NUMBER) {
        pieces.push_back({.kind = Message::Kind::value, .text = counted});
      } else if (part.getType() == UMSGPAT_PART_TYPE_ARG_START) {
        auto argument = read_argument(i);
        if (!argument) return std::move(argument).error();
        pieces.push_back(std::move(*argument));
        i = parts_.getLimitPartIndex(i);
        from = parts_.getPart(i).getLimit();
      }
    }
    return pieces;
  }

 private:
  static void literal(std::vector<Message::Piece>& pieces, const std::string& text) {
    if (text.empty()) return;
    if (pieces.empty() || pieces.back().kind != Message::Kind::literal) pieces.push_back({});
    pieces.back().text += text;
  }

  Result<Message::Piece> read_argument(int32_t start) {
    const Part& named = parts_.getPart(start + 1);
    if (named.getType() != UMSGPAT_PART_TYPE_ARG_NAME) return unusable("arguments have names, not numbers");
    const std::string name = utf8(parts_.getSubstring(named));
    switch (parts_.getPart(start).getArgType()) {
      case UMSGPAT_ARG_TYPE_NONE: return take(name, ParameterKind::words, {.kind = Message::Kind::value, .text = name});
      case UMSGPAT_ARG_TYPE_SIMPLE:
        if (parts_.getSubstring(parts_.getPart(start + 2)) != icu::UnicodeString(u"number") ||
            parts_.getLimitPartIndex(start) != start + 3)
          return unusable(fmt::format("{{{}}} has a format that isn't known here", name));
        return take(name, ParameterKind::count, {.kind = Message::Kind::value, .text = name});
      case UMSGPAT_ARG_TYPE_PLURAL: return read_choice(start, name, Message::Kind::plural);
      case UMSGPAT_ARG_TYPE_SELECT: return read_choice(start, name, Message::Kind::select);
      default: return unusable(fmt::format("{{{}}} has a format that isn't known here", name));
    }
  }

  Result<Message::Piece> read_choice(int32_t start, const std::string& name, Message::Kind kind) {
    Message::Piece piece{.kind = kind, .text = name};
    const int32_t limit = parts_.getLimitPartIndex(start);
    for (int32_t i = start + 2; i < limit; ++i) {
      const Part& part = parts_.getPart(i);
      if (part.getType() != UMSGPAT_PART_TYPE_ARG_SELECTOR) return unusable(fmt::format("{{{}}} has an offset", name));
      Message::Branch branch{.selector = utf8(parts_.getSubstring(part)), .exactly = {}, .pieces = {}};
      if (Part::hasNumericValue(parts_.getPartType(i + 1)))
        branch.exactly = static_cast<int64_t>(parts_.getNumericValue(parts_.getPart(++i)));
      auto pieces = read(++i, name);
      if (!pieces) return std::move(pieces).error();
      branch.pieces = std::move(*pieces);
      piece.branches.push_back(std::move(branch));
      i = parts_.getLimitPartIndex(i);
    }
    return take(name, kind == Message::Kind::plural ? ParameterKind::count : ParameterKind::words, std::move(piece));
  }

  // One that is a count at one of its places is a count.
  Message::Piece take(const std::string& name, ParameterKind kind, Message::Piece piece) {
    auto known = message_.parameters_.try_emplace(name, kind).first;
    if (kind == ParameterKind::count) known->second = kind;
    return piece;
  }

  const Parts& parts_;
  Message& message_;
};

Result<Message> Message::parse(const std::string& pattern) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError where;
  const Parts parts(icu::UnicodeString::fromUTF8(pattern), &where, status);
  if (U_FAILURE(status)) {
    const std::string behind = utf8(icu::UnicodeString(where.postContext));
    return unusable(fmt::format("can't be read{}", behind.empty() ? "" : " at \"" + behind + "\""));
  }
  Message message;
  auto pieces = MessageReader(parts, message).read(0);
  if (!pieces) return std::move(pieces).error();
  message.pieces_ = std::move(*pieces);
  return message;
}

std::string Message::say(const std::vector<Argument>& arguments, const Locale& locale) const {
  std::string said;
  say(pieces_, arguments, locale, said);
  return said;
}

void Message::say(const std::vector<Piece>& pieces, const std::vector<Argument>& arguments, const Locale& locale,
                  std::string& said) const {
  for (const Piece& piece : pieces) {
    if (piece.kind == Kind::literal) {
      said += piece.text;
      continue;
    }
    const Argument& argument = find(arguments, piece.text);
    if (piece.kind == Kind::value)
      said += shown(argument, locale);
    else
      say(chosen(piece, argument, locale).pieces, arguments, locale, said);
  }
}

// ICU takes no plural and no select without "other".
const Message::Branch& Message::chosen(const Piece& piece, const Argument& argument, const Locale& locale) {
  const bool counts = piece.kind == Kind::plural;
  if (counts)
    for (const Branch& branch : piece.branches)
      if (branch.exactly == count_of(argument)) return branch;
  const std::string selector = counts ? locale.plural(count_of(argument)) : shown(argument, locale);
  const auto found = std::ranges::find(piece.branches, selector, &Branch::selector);
  return found != piece.branches.end() ? *found : *std::ranges::find(piece.branches, "other", &Branch::selector);
}

std::optional<std::vector<Message::Part>> Message::parts() const {
  std::vector<Part> parts(1);
  for (const Piece& piece : pieces_) {
    if (piece.kind == Kind::literal) {
      parts.back().literal = piece.text;
    } else if (piece.kind == Kind::value && parameters_.at(piece.text) == ParameterKind::words) {
      parts.back().argument = piece.text;
      parts.emplace_back();
    } else {
      return std::nullopt;
    }
  }
  return parts;
}

}  // namespace calint::pages
