#include "pages/replacement.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace calint::pages {
namespace {

constexpr size_t kMaxFileBytes = 256 * 1024;

}  // namespace

Error fault_in(std::string_view kind, std::string_view file, std::string_view reason) {
  return Error{.fault = Fault::bad_input, .what = fmt::format("{} {}: {}", kind, file, reason)};
}

Result<std::optional<std::string>> read_replacement(std::string_view kind, const std::string& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (status.type() == std::filesystem::file_type::none) return fault_in(kind, path, error.message());
  if (status.type() == std::filesystem::file_type::not_found) return std::optional<std::string>();
  if (!std::filesystem::is_regular_file(path, error)) return fault_in(kind, path, "is not a regular file");
  if (std::filesystem::file_size(path, error) > kMaxFileBytes || error)
    return fault_in(kind, path, fmt::format("is larger than {} bytes", kMaxFileBytes));
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fault_in(kind, path, std::generic_category().message(errno));
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) return fault_in(kind, path, "cannot be read");
  return std::optional(std::move(text));
}

}  // namespace calint::pages
