#include "provider/caldav/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <memory>
#include <mutex>
#include <new>

#include "base/utf8.h"

namespace calint::xml {
namespace {

constexpr size_t kMostOpen = 32;
constexpr size_t kMostNames = 50000;
constexpr int kMostNamespaces = 32;   // of one tag; libxml2 looks through all that are open for each element
constexpr size_t kLongestTag = 8192;  // libxml2 compares each attribute of a tag with every other

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : std::string_view(reinterpret_cast<const char*>(text));
}

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c < 0; }

// How many bytes the tag at the start of `text` has, '>' in its values included; npos where it doesn't end in
// kLongestTag bytes.
size_t length_of_tag(std::string_view text) {
  char quote = 0;
  for (size_t at = 0; at < text.size() && at < kLongestTag; ++at) {
    const char c = text[at];
    if (quote == 0 && c == '>') return at + 1;
    if (c == quote)
      quote = 0;
    else if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
  }
  return std::string_view::npos;
}

constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
    {"<![CDATA[", "]]>"}, {"<!--", "-->"}, {"<?", "?>"}};

// How many bytes of `text` aren't markup, though they may look like it; 0 where it doesn't start with such.
size_t length_of_other(std::string_view text) {
  for (const auto& [begin, end] : kOthers) {
    if (!text.starts_with(begin)) continue;
    const size_t found = text.find(end, begin.size());
    return found == std::string_view::npos ? text.size() : found + end.size();
  }
  return 0;
}

bool has_long_tag(std::string_view document) {
  for (size_t at = document.find('<'); at != std::string_view::npos; at = document.find('<', at)) {
    const std::string_view rest = document.substr(at);
    size_t length = length_of_other(rest);
    if (length == 0) length = rest.size() > 1 && is_name_start(rest[1]) ? length_of_tag(rest) : 1;
    if (length == std::string_view::npos) return rest.size() > kLongestTag;
    at += length;
  }
  return false;
}

// What speaks against the bytes before libxml2 sees them, or nullptr. It would read UTF-16 and EBCDIC too, in which
// a tag couldn't be seen here.
const char* objection(std::string_view document) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (document.starts_with(kByteOrderMark)) document.remove_prefix(kByteOrderMark.size());
  const bool is_ascii_like = document.starts_with('<') && document.find('\0') == std::string_view::npos;
  if (!is_ascii_like || document.size() > INT_MAX) return "isn't well formed";
  return has_long_tag(document) ? "has too long a tag" : nullptr;
}

// XML 1.0, 2.2.
bool is_char(unsigned long c) {
  return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
         (c >= 0x10000 && c <= 0x10ffff);
}

// How long the reference to a character that no XML may have is (XML 1.0, 4.1), such as "&#x1f;"; 0 for anything else.
size_t length_of_bad_reference(std::string_view text) {
  if (!text.starts_with("&#")) return 0;
  const size_t end = text.find(';');
  const bool is_hex = text.size() > 2 && text[2] == 'x';
  const char* first = text.data() + (is_hex ? 3 : 2);
  unsigned long number = 0;
  if (end == std::string_view::npos || end > 12) return 0;
  const auto [rest, failed] = std::from_chars(first, text.data() + end, number, is_hex ? 16 : 10);
  return rest == text.data() + end && failed == std::errc() && !is_char(number) ? end + 1 : 0;
}

// The document with U+FFFD for what makes none of it readable: bytes that aren't UTF-8, characters that XML doesn't have.
std::string mended(std::string_view document) {
  constexpr std::string_view kReplacement = "\xef\xbf\xbd";
  std::string text;
  while (!document.empty()) {
    size_t length = std::min(document.find_first_of("\t\n\r&"), document.size());
    if (length > 0) {
      text += clean_utf8(document.substr(0, length), length * kReplacement.size());
    } else if (const size_t reference = length_of_bad_reference(document); reference > 0) {
      text += kReplacement;
      length = reference;
    } else {
      text += document[0];
      length = 1;
    }
    document.remove_prefix(length);
  }
  return text;
}

// How much of `text` is held back until more comes: a character or a reference that isn't whole yet.
size_t length_to_hold(std::string_view text) {
  constexpr size_t kLongestReference = 12;
  const std::string_view end = text.substr(text.size() - std::min(text.size(), kLongestReference));
  if (const size_t begin = end.rfind('&'); begin != std::string_view::npos && end.find(';', begin) == end.npos)
    return end.size() - begin;
  for (size_t length = 1; length <= std::min<size_t>(3, text.size()); ++length) {
    const auto byte = static_cast<unsigned char>(text[text.size() - length]);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return length < (byte >= 0xf0 ? 4u : byte >= 0xe0 ? 3u : 2u) ? length : 0;
  }
  return 0;
}

}  // namespace

// has_long_tag() of a document that comes in pieces.
class TagGuard {
 public:
  // Whether no tag is too long as far as it has come.
  bool pass(std::string_view text) {
    for (size_t at = 0; at < text.size(); ++at) {
      if (begin_.empty() && end_.empty() && (at = text.find('<', at)) == std::string_view::npos) break;
      if (!take(text[at])) return false;
    }
    return true;
  }

 private:
  bool take(char c) {
    if (!end_.empty()) {  // in a comment or the like
      last_ = (last_ + c).substr(last_.size() == 3 ? 1 : 0);
      if (last_.ends_with(end_)) end_ = {};
      return true;
    }
    ++length_;
    if (begin_.size() < 9) begin_ += c;
    for (const auto& [begin, end] : kOthers)
      if (begin_ == begin) {
        end_ = end;
        leave();
        return true;
      }
    if (c == '>' && quote_ == 0) {
      leave();
    } else if (c == quote_) {
      quote_ = 0;
    } else if (quote_ == 0 && (c == '"' || c == '\'')) {
      quote_ = c;
    }
    return length_ <= kLongestTag;
  }

  void leave() {
    begin_.clear();
    last_.clear();
    length_ = 0;
    quote_ = 0;
  }

  std::string begin_;           // of the tag
  std::string_view end_;        // of what is no tag
  std::string last_;            // bytes in there
  size_t length_ = 0;
  char quote_ = 0;
};

// Builds the tree out of what libxml2 finds. No exception may pass through libxml2.
class Builder {
 public:
  explicit Builder(bool may_cut);
  explicit Builder(std::function<void(Element child)> take);
  Result<Element> build(std::string_view document);
  // Where children are taken. Whether all is well so far.
  bool feed(std::string_view text, bool is_last);
  Result<std::string> finish();
  void stop(const char* why);
  bool is_cut() const { return is_cut_; }

 private:
  Builder(bool may_cut, std::function<void(Element child)> take);
  static void on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*) noexcept;
  static void on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar* uri, int namespaces,
                       const xmlChar**, int attribute_count, int, const xmlChar** attributes) noexcept;
  static void on_end(void* self, const xmlChar*, const xmlChar*, const xmlChar*) noexcept;
  static void on_text(void* self, const xmlChar* text, int size) noexcept;
  static void on_error(void*, xmlErrorPtr) noexcept {}  // instead of the process's handler

  void start(std::string name, size_t names);
  void cut();
  bool is_over() const { return refused_ != nullptr || is_cut_; }
  void add_attributes(const xmlChar** attributes, int count);
  void add_text(std::string_view text);
  void hand_over();

  struct Release {
    void operator()(xmlParserCtxt* parser) const { xmlFreeParserCtxt(parser); }
  };
  std::unique_ptr<xmlParserCtxt, Release> parser_;
  Element top_;                         // holds the root as its child
  std::vector<Element*> open_{&top_};   // from there to the innermost
  size_t names_ = 0;
  const char* refused_ = nullptr;
  const bool may_cut_;
  const std::function<void(Element child)> take_;  // empty: children stay
  bool is_cut_ = false;
  bool out_of_memory_ = false;
};

// libxml2 looks after its own global state; it is set up once and never taken down.
static void start_libxml2() {
  static std::once_flag once;
  std::call_once(once, xmlInitParser);
}

Builder::Builder(bool may_cut) : Builder(may_cut, {}) {}
Builder::Builder(std::function<void(Element child)> take) : Builder(false, std::move(take)) {}

Builder::Builder(bool may_cut, std::function<void(Element child)> take) : may_cut_(may_cut), take_(std::move(take)) {
  start_libxml2();
  xmlSAXHandler handler{};
  handler.initialized = XML_SAX2_MAGIC;
  handler.internalSubset = on_doctype;
  handler.startElementNs = on_start;
  handler.endElementNs = on_end;
  handler.characters = on_text;
  handler.ignorableWhitespace = on_text;
  handler.cdataBlock = on_text;
  handler.serror = on_error;
  parser_.reset(xmlCreatePushParserCtxt(&handler, this, nullptr, 0, nullptr));
  if (!parser_) throw std::bad_alloc();
  xmlCtxtUseOptions(parser_.get(), XML_PARSE_NONET | XML_PARSE_IGNORE_ENC | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

Result<Element> Builder::build(std::string_view document) {
  refused_ = objection(document);
  if (refused_ == nullptr) xmlParseChunk(parser_.get(), document.data(), static_cast<int>(document.size()), 1);
  if (out_of_memory_) throw std::bad_alloc();
  if (!is_over() && (!parser_->wellFormed || !parser_->nsWellFormed || top_.children.size() != 1))
    refused_ = "isn't well formed";
  if (refused_ != nullptr) return Error{.fault = Fault::corrupt, .what = std::string("the XML ") + refused_};
  return std::move(top_.children.front());
}

bool Builder::feed(std::string_view text, bool is_last) {
  if (!is_over()) xmlParseChunk(parser_.get(), text.data(), static_cast<int>(text.size()), is_last ? 1 : 0);
  if (out_of_memory_) throw std::bad_alloc();
  return !is_over();
}

Result<std::string> Builder::finish() {
  if (!is_over() && (!parser_->wellFormed || !parser_->nsWellFormed || top_.children.size() != 1))
    refused_ = "isn't well formed";
  if (refused_ != nullptr) return Error{.fault = Fault::corrupt, .what = std::string("the XML ") + refused_};
  return std::move(top_.children.front().name);
}

void Builder::hand_over() {
  Element child = std::move(open_.back()->children.back());
  open_.back()->children.clear();
  names_ = 0;
  take_(std::move(child));
}

// What stands between children that are taken is of no meaning.
void Builder::add_text(std::string_view text) {
  if (!take_) {
    open_.back()->text.append(text);
  } else if (open_.size() > 2) {
    std::string& whole = open_.back()->text;
    whole.append(text.substr(0, Stream::kLongestText + 1 - std::min(whole.size(), Stream::kLongestText + 1)));
  }
}

// The root keeps its whole children; there is nothing to keep where the first one isn't whole.
void Builder::cut() {
  if (open_.size() < 2) return stop("has too many elements");
  std::vector<Element>& children = open_[1]->children;
  if (open_.size() > 2) children.pop_back();
  if (children.empty()) return stop("has too many elements");
  is_cut_ = true;
  xmlStopParser(parser_.get());
}

void Builder::stop(const char* why) {
  if (refused_ == nullptr) refused_ = why;
  xmlStopParser(parser_.get());
}

void Builder::start(std::string name, size_t names) {
  if (open_.size() > kMostOpen) return stop("is too deep");
  names_ += names;
  if (names_ > kMostNames) return may_cut_ ? cut() : stop("has too many elements");
  // The parents don't move meanwhile: only the innermost one's children grow.
  open_.back()->children.push_back(Element{.name = std::move(name)});
  open_.push_back(&open_.back()->children.back());
}

// Five pointers each: local name, prefix, namespace, and where the value begins and ends.
void Builder::add_attributes(const xmlChar** attributes, int count) {
  for (int i = 0; i < count; ++i, attributes += 5)
    if (attributes[2] == nullptr)
      open_.back()->attributes.emplace_back(view(attributes[0]), std::string(attributes[3], attributes[4]));
}

void Builder::on_doctype(void* self, const xmlChar*, const xmlChar*, const xmlChar*) noexcept {
  static_cast<Builder*>(self)->stop("has a DOCTYPE");
}

void Builder::on_start(void* self, const xmlChar* name, const xmlChar*, const xmlChar* uri, int namespaces,
                       const xmlChar**, int attribute_count, int, const xmlChar** attributes) noexcept {
  auto* builder = static_cast<Builder*>(self);
  if (builder->is_over()) return;
  if (namespaces > kMostNamespaces) return builder->stop("has too many namespaces");
  try {
    builder->start(std::string("{").append(view(uri)).append("}").append(view(name)),
                   1 + static_cast<size_t>(namespaces) + static_cast<size_t>(attribute_count));
    if (!builder->is_over()) builder->add_attributes(attributes, attribute_count);
  } catch (const std::bad_alloc&) {
    builder->out_of_memory_ = true;
    builder->stop("is too long");
  }
}

void Builder::on_end(void* self, const xmlChar*, const xmlChar*, const xmlChar*) noexcept {
  auto* builder = static_cast<Builder*>(self);
  if (builder->is_over()) return;
  builder->open_.pop_back();
  if (!builder->take_ || builder->open_.size() != 2) return;
  try {
    builder->hand_over();
  } catch (const std::bad_alloc&) {
    builder->out_of_memory_ = true;
    builder->stop("is too long");
  }
}

void Builder::on_text(void* self, const xmlChar* text, int size) noexcept {
  auto* builder = static_cast<Builder*>(self);
  if (builder->is_over()) return;
  try {
    builder->add_text({reinterpret_cast<const char*>(text), static_cast<size_t>(size)});
  } catch (const std::bad_alloc&) {
    builder->out_of_memory_ = true;
    builder->stop("is too long");
  }
}

const Element* Element::child(std::string_view child_name) const {
  for (const Element& one : children)
    if (one.name == child_name) return &one;
  return nullptr;
}

std::string_view Element::attribute(std::string_view attribute_name) const {
  for (const auto& [name_of, value] : attributes)
    if (name_of == attribute_name) return value;
  return {};
}

namespace {

Result<Element> parse(std::string_view document, bool may_cut, bool& is_cut) {
  const auto build = [&](std::string_view text) {
    Builder builder(may_cut);
    auto tree = builder.build(text);
    is_cut = builder.is_cut();
    return tree;
  };
  auto tree = build(document);
  if (tree || document.find('\0') != std::string_view::npos) return tree;
  const std::string other = mended(document);
  return other == document ? std::move(tree) : build(other);
}

}  // namespace

Result<Element> parse(std::string_view document) {
  bool is_cut = false;
  return parse(document, false, is_cut);
}

Result<Element> parse_beginning(std::string_view document, bool& is_cut) { return parse(document, true, is_cut); }

Stream::Stream(std::function<void(Element child)> take)
    : builder_(std::make_unique<Builder>(std::move(take))), guard_(std::make_unique<TagGuard>()) {}

Stream::~Stream() = default;

bool Stream::feed(std::string_view piece) {
  held_.append(piece);
  const std::string text = std::exchange(held_, {});
  const size_t held = length_to_hold(text);
  held_ = text.substr(text.size() - held);
  return pass(std::string_view(text).substr(0, text.size() - held), false);
}

bool Stream::pass(std::string_view text, bool is_last) {
  if (!begun_ && text.size() >= 4) {
    begun_ = true;
    if (const char* why = objection(text)) builder_->stop(why);
  } else if (!begun_ && !is_last) {
    held_.insert(0, text);
    return true;
  }
  if (text.find('\0') != std::string_view::npos || text.size() > INT_MAX) builder_->stop("isn't well formed");
  const std::string whole = mended(text);
  if (!guard_->pass(whole)) builder_->stop("has too long a tag");
  return builder_->feed(whole, is_last);
}

Result<std::string> Stream::finish() {
  const std::string rest = std::exchange(held_, {});
  pass(rest, true);
  return builder_->finish();
}

}  // namespace calint::xml
