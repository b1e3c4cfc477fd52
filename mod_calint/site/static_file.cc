#include "site/static_file.h"

#include "base/paths.h"
#include "pages/static_files.h"
#include "site/answers.h"

namespace calint::site {
namespace {

constexpr char kForEver[] = "public, max-age=31536000, immutable";
constexpr char kNotKept[] = "no-store";

Response answer(const pages::StaticFile& file, const char* cache_control) {
  Response response{.content_type = std::string(file.content_type), .body = std::string(file.bytes)};
  response.headers.emplace_back("Cache-Control", cache_control);
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

Response not_found() { return {.status = 404, .content_type = "text/plain; charset=utf-8", .body = "Not found.\n"}; }

}  // namespace

Response serve_static(std::string_view method, std::string_view path) {
  if (method != "GET" && method != "HEAD") return method_not_allowed("GET, HEAD");
  if (!path.starts_with(kStaticPath) || path.size() == kStaticPath.size()) return not_found();
  const auto found = pages::file_at(path.substr(kStaticPath.size() + 1));
  return found ? answer(found->file, found->as_named ? kForEver : kNotKept) : not_found();
}

Response serve_former_static(std::string_view name) {
  const auto file = pages::static_file(name);
  return file ? answer(*file, kNotKept) : not_found();
}

}  // namespace calint::site
