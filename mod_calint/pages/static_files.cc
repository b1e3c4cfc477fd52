#include "pages/static_files.h"

#include <fmt/format.h>

#include "base/embedded.h"
#include "base/paths.h"

namespace calint::pages {
namespace {

constexpr std::string_view kFolder = "mod_calint/pages/static/";
constexpr size_t kHashDigits = 16;

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml; charset=utf-8";
  return "application/octet-stream";
}

const embedded::File* find(std::string_view name) {
  for (const embedded::File& file : embedded::files())
    if (file.path.starts_with(kFolder) && file.path.substr(kFolder.size()) == name) return &file;
  return nullptr;
}

std::string_view hash_of(const embedded::File& file) { return file.sha256.substr(0, kHashDigits); }

bool is_hash(std::string_view text) {
  return text.size() == kHashDigits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::optional<StaticFile> static_file(std::string_view name) {
  const embedded::File* file = find(name);
  if (file == nullptr) return std::nullopt;
  return StaticFile{.bytes = file->bytes, .content_type = content_type_of(name)};
}

std::string static_url(std::string_view name) {
  const embedded::File* file = find(name);
  if (file == nullptr) return {};
  const size_t dot = name.rfind('.');
  return fmt::format("{}/{}-{}{}", kStaticPath, name.substr(0, dot), hash_of(*file), name.substr(dot));
}

std::optional<NamedFile> file_at(std::string_view hashed_name) {
  const size_t dot = hashed_name.rfind('.'), dash = hashed_name.rfind('-', dot);
  if (dot == std::string_view::npos || dash == std::string_view::npos) return std::nullopt;
  const std::string_view hash = hashed_name.substr(dash + 1, dot - dash - 1);
  const embedded::File* file =
      find(fmt::format("{}{}", hashed_name.substr(0, dash), hashed_name.substr(dot)));
  if (file == nullptr || !is_hash(hash)) return std::nullopt;
  return NamedFile{.file = {.bytes = file->bytes, .content_type = content_type_of(hashed_name)},
                   .as_named = hash == hash_of(*file)};
}

}  // namespace calint::pages
