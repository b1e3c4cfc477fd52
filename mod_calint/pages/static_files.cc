#include "base/embedded.h"
#include "base/encoding.h"
#include "crypto/digest.h"
#include "pages/pages.h"

namespace calint::pages {
namespace {

constexpr std::string_view kFolder = "mod_calint/pages/static/";

std::string_view content_type_of(std::string_view name) {
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml; charset=utf-8";
  return "application/octet-stream";
}

}  // namespace

std::optional<StaticFile> static_file(std::string_view name) {
  for (const embedded::File& file : embedded::files()) {
    if (!file.path.starts_with(kFolder) || file.path.substr(kFolder.size()) != name) continue;
    return StaticFile{.bytes = file.bytes,
                      .content_type = content_type_of(name),
                      .etag = '"' + hex_encode(crypto::sha256(file.bytes).substr(0, 16)) + '"'};
  }
  return std::nullopt;
}

}  // namespace calint::pages
