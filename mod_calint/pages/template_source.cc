#include "pages/template_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <kainjow/mustache.hpp>
#include <optional>
#include <system_error>
#include <vector>

#include "base/embedded.h"
#include "base/text.h"
#include "pages/replacement.h"
#include "pages/sentences.h"

namespace calint::pages {
namespace {

constexpr std::string_view kFolder = "mod_calint/pages/templates/";
constexpr size_t kMaxParts = 200;  // of one page, each use counted

// Where a text came from, as an administrator knows it, and the text.
struct Source {
  std::string file;
  std::string text;
};

Error fault_in(std::string_view file, std::string_view reason) { return pages::fault_in("template", file, reason); }

std::optional<Source> embedded_source(std::string_view name) {
  std::string path = fmt::format("{}{}.mustache", kFolder, name);
  for (const embedded::File& file : embedded::files())
    if (file.path == path) return Source{.file = path, .text = std::string(file.bytes)};
  return std::nullopt;
}

// `used_in` is the file that names it.
Result<Source> find_source(const std::string& template_dir, std::string_view name, std::string_view used_in) {
  if (!template_dir.empty()) {
    const std::string path = fmt::format("{}/{}.mustache", template_dir, name);
    auto replacement = read_replacement("template", path);
    if (!replacement) return std::move(replacement).error();
    if (*replacement) return Source{.file = path, .text = std::move(**replacement)};
  }
  if (auto source = embedded_source(name)) return std::move(*source);
  return fault_in(used_in, fmt::format("there is no '{}'", name));
}

bool is_part_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
}

// Pastes parts into one page. Lives for one load_template().
class Assembly {
 public:
  Assembly(const std::string& template_dir, const Language& language)
      : template_dir_(template_dir), language_(language) {}

  Status paste(std::string_view name, std::string_view used_in) {
    auto source = find_source(template_dir_, name, used_in);
    if (!source) return source.error();
    auto text = with_sentences(source->text, language_);
    if (!text) return fault_in(source->file, text.error().what);
    source->text = std::move(*text);
    kainjow::mustache::mustache parsed(source->text);
    if (!parsed.is_valid()) return fault_in(source->file, parsed.error_message());
    if (std::ranges::find(open_, name) != open_.end()) return fault_in(source->file, "contains itself");
    if (++parts_ > kMaxParts) return fault_in(source->file, fmt::format("the page has more than {} parts", kMaxParts));
    open_.emplace_back(name);
    Status pasted = paste_text(*source);
    open_.pop_back();
    return pasted;
  }

  std::string& page() { return page_; }

 private:
  // The text parses, so every "{{" has its "}}".
  Status paste_text(const Source& source) {
    std::string_view rest = source.text;
    while (true) {
      auto begin = rest.find("{{");
      auto end = begin == std::string_view::npos ? begin : rest.find("}}", begin);
      if (end == std::string_view::npos) break;
      std::string_view tag = trimmed(rest.substr(begin + 2, end - begin - 2));
      if (tag.starts_with('=')) return fault_in(source.file, "changes the delimiters, which page templates can't");
      if (tag.starts_with('>')) {
        std::string_view part = trimmed(tag.substr(1));
        if (!is_part_name(part)) return fault_in(source.file, fmt::format("'{}' is not the name of a part", part));
        page_.append(rest.substr(0, begin));
        if (Status pasted = paste(part, source.file); !pasted) return pasted;
      } else {
        page_.append(rest.substr(0, end + 2));
      }
      rest.remove_prefix(end + 2);
    }
    page_.append(rest);
    return {};
  }

  const std::string& template_dir_;
  const Language& language_;
  std::vector<std::string> open_;  // the parts being pasted, outermost first
  size_t parts_ = 0;
  std::string page_;
};

}  // namespace

Result<std::string> load_template(const std::string& template_dir, const Language& language, std::string_view name) {
  if (std::error_code error; !template_dir.empty() && !std::filesystem::is_directory(template_dir, error))
    return fault_in(template_dir, error ? error.message() : "is not a directory");
  Assembly assembly(template_dir, language);
  if (Status pasted = assembly.paste(name, name); !pasted) return pasted.error();
  return std::move(assembly.page());
}

}  // namespace calint::pages
