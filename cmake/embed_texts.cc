// Makes C++ of the texts in mod_calint/pages/texts/<language>.json, at build time:
//
//   embed_texts OUTPUT en.json OTHER.json...
//
// writes a header with a type for each text of the first file, which turns into a pages::Text:
// texts::notice::connected is "notice.connected", and its fields are what the text takes, in alphabetical order.
// "provider.<name>.x" is one type for all providers, with the provider as its first field. The other files have the
// same ids with the same arguments. What doesn't hold ends the build. A header whose text stays the same isn't
// written: what includes it isn't compiled again.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "base/provider_id.h"
#include "pages/texts_file.h"

namespace {

using namespace calint;
using namespace calint::pages;

struct Problem {
  std::string where;
  std::string what;
};

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  return {std::istreambuf_iterator<char>(file), {}};
}

Texts texts_of(const std::string& path) {
  auto texts = parse_texts(read(path));
  if (!texts) throw Problem{path, texts.error().what};
  return std::move(*texts);
}

std::vector<std::string> split(const std::string& id) {
  std::vector<std::string> names(1);
  for (const char c : id) {
    if (c == '.') names.emplace_back();
    else names.back() += c;
  }
  for (const std::string& name : names)
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
      throw Problem{id, "an id is words of a to z, 0 to 9 and _ with dots between them"};
  return names;
}

// One type: what it is called, and its id, or one for each provider.
struct Entry {
  std::vector<std::string> names;  // namespaces, then the type
  Parameters parameters;
  std::string id;
  std::vector<std::string> of_providers = {};  // in the order of kProviders; "" where one doesn't have it
};

std::vector<Entry> entries_of(const Texts& texts) {
  std::vector<Entry> entries;
  for (const auto& [id, text] : texts) {
    std::vector<std::string> names = split(id);
    if (names[0] != "provider") {
      entries.push_back({names, text.parameters(), id});
      continue;
    }
    const auto provider = names.size() < 3 ? std::nullopt : parse_provider(names[1]);
    if (!provider) throw Problem{id, "is of no provider: provider.<name>.<text>"};
    names.erase(names.begin() + 1);
    auto entry = std::find_if(entries.begin(), entries.end(), [&](const Entry& one) { return one.names == names; });
    if (entry == entries.end())
      entry = entries.insert(
          entries.end(), {names, text.parameters(), {}, std::vector<std::string>(kProviders.size())});
    if (entry->parameters != text.parameters()) throw Problem{id, "takes other arguments than another provider's"};
    entry->of_providers[static_cast<size_t>(*provider)] = id;
  }
  return entries;
}

std::string code_of(const Entry& entry) {
  std::string fields, values, space;
  for (size_t i = 0; i + 1 < entry.names.size(); ++i) space += "::" + entry.names[i];
  for (const auto& [name, kind] : entry.parameters) {
    fields += std::string("  pages::") + (kind == ParameterKind::count ? "Count " : "Words ") + name + ";\n";
    values += ", std::string_view(\"" + name + "\"), std::move(" + name + ")";
  }
  std::string id = "\"" + entry.id + "\"";
  if (!entry.of_providers.empty()) {
    std::string ids;
    for (const std::string& one : entry.of_providers) ids += (ids.empty() ? "\"" : ", \"") + one + "\"";
    fields = "  static constexpr std::string_view kIds[] = {" + ids + "};\n  pages::Whose of;\n" + fields;
    id = "kIds[static_cast<size_t>(of.provider)]";
  }
  return "namespace calint::texts" + space + " {\nstruct " + entry.names.back() + " {\n" + fields +
         "  operator pages::Text() && { return pages::text_of(" + id + values + "); }\n};\n}\n";
}

void embed(const std::string& output, const std::vector<std::string>& files) {
  const Texts master = texts_of(files.front());
  for (const std::string& file : files) {
    const Texts texts = texts_of(file);
    if (Status checked = check_texts(texts, master); !checked) throw Problem{file, checked.error().what};
    for (const auto& [id, text] : master)
      if (!texts.contains(id)) throw Problem{file, "\"" + id + "\" is missing"};
  }
  std::string code =
      "// Made by cmake/embed_texts.cc of mod_calint/pages/texts/en.json.\n#pragma once\n\n"
      "#include \"pages/text.h\"\n\n";
  for (const Entry& entry : entries_of(master)) code += code_of(entry);
  if (read(output) == code) return;
  std::ofstream header(output, std::ios::binary);
  header << code;
  if (!header.flush()) throw Problem{output, "can't be written"};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: embed_texts OUTPUT en.json OTHER.json...\n";
    return 2;
  }
  try {
    embed(argv[1], {argv + 2, argv + argc});
  } catch (const Problem& problem) {
    std::cerr << problem.where << ": " << problem.what << "\n";
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
