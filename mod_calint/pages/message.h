// A text as a file of texts has it: a message of ICU ("{count, plural, one {# person} other {# people}}"), parsed once
// and said many times. Pure; immutable, and so safe from any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "pages/locale.h"
#include "pages/text.h"

namespace calint::pages {

// What a text takes: a count where it chooses by one or writes it as a number, else words.
enum class ParameterKind { words, count };
using Parameters = std::map<std::string, ParameterKind, std::less<>>;

class Message {
 public:
  // Known are {name}, {name, number}, {name, plural, ...} with # and without an offset, and {name, select, ...}.
  // bad_input with the reason for anything else. `pattern` is UTF-8.
  static Result<Message> parse(const std::string& pattern);

  const Parameters& parameters() const { return parameters_; }

  // A value is put in as it is, never looked at for braces. An argument that is missing is a bug and throws
  // std::logic_error.
  std::string say(const std::vector<Argument>& arguments, const Locale& locale) const;

  // For a template, which knows no value yet: literal texts and, between them, names of arguments. nullopt where what
  // is said depends on a value.
  struct Part {
    std::string literal;   // before the argument
    std::string argument;  // empty: none, at the end
  };
  std::optional<std::vector<Part>> parts() const;

 private:
  friend class MessageReader;
  enum class Kind { literal, value, plural, select };
  struct Branch;
  struct Piece {
    Kind kind = Kind::literal;
    std::string text;  // the literal itself, else the argument's name
    std::vector<Branch> branches = {};
  };
  struct Branch {
    std::string selector;            // "one", "other"; of a select any word
    std::optional<int64_t> exactly;  // "=1"
    std::vector<Piece> pieces;
  };

  void say(const std::vector<Piece>& pieces, const std::vector<Argument>& arguments, const Locale& locale,
           std::string& said) const;
  static const Branch& chosen(const Piece& piece, const Argument& argument, const Locale& locale);

  std::vector<Piece> pieces_;
  Parameters parameters_;
};

}  // namespace calint::pages
