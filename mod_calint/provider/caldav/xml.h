// XML as servers send it, read with bounds. Pure.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace calint::xml {

// Names are "{namespace}local", whatever the document's prefixes are.
struct Element {
  std::string name;
  std::string text;                                             // its own, between and around the children; UTF-8
  std::vector<std::pair<std::string, std::string>> attributes;  // those without a namespace; '&' stays "&#38;"
  std::vector<Element> children;

  // The first child of that name; nullptr where there is none.
  const Element* child(std::string_view child_name) const;
  // "" where it isn't there.
  std::string_view attribute(std::string_view attribute_name) const;
};

// The root. A character that XML doesn't have, and bytes that aren't UTF-8, lose nothing else: they become U+FFFD, and
// where there are such, further control characters are dropped. corrupt where the rest isn't one well-formed document with
// namespaces, where it has a DOCTYPE (refused before anything in it is read: nothing is expanded or fetched), a tag of
// more than 8 kB or 32 namespaces, elements 33 deep, or more than 50,000 elements, attributes and namespaces. The caller
// bounds the bytes.
Result<Element> parse(std::string_view document);

// The same, but of a document with more elements, attributes and namespaces than that the root with those of its
// children that are whole by then, where there are any; `is_cut` says so.
Result<Element> parse_beginning(std::string_view document, bool& is_cut);

class Builder;
class TagGuard;

// A document that is a list of any length, read as it comes: each child of its root is handed over as soon as it is
// whole. The bounds of parse() hold for each child by itself; what isn't UTF-8 or no character is mended likewise.
class Stream {
 public:
  // Bytes of an element's text that are kept; a longer one has one byte more.
  static constexpr size_t kLongestText = 1 << 20;

  explicit Stream(std::function<void(Element child)> take);
  ~Stream();

  // The next piece of the document. false where it isn't one that parse() would take; no more is read then.
  bool feed(std::string_view piece);
  // Once all of it was fed: the root's name. Errors as parse().
  Result<std::string> finish();

 private:
  bool pass(std::string_view text, bool is_last);

  std::unique_ptr<Builder> builder_;
  std::unique_ptr<TagGuard> guard_;
  std::string held_;  // the end of what was fed, which may be part of a character or reference
  bool begun_ = false;
};

}  // namespace calint::xml
