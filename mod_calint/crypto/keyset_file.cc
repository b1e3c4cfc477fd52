#include "crypto/keyset_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/replaced_file.h"
#include "base/trusted_file.h"

namespace calint::crypto {
namespace {

constexpr size_t kMostBytes = 64 * 1024;

}  // namespace

Result<Keyset> read_keyset_file(const std::string& path) {
  auto json = read_trusted_file(path, Trust::secret, kMostBytes);
  if (!json) {
    if (access(path.c_str(), F_OK) != 0 && errno == ENOENT)
      json.error().what = path + ": there is no keyset; make one with calintctl keys generate";
    return std::move(json).error();
  }
  auto keyset = Keyset::parse(json->reveal());
  if (!keyset.ok()) keyset.error().what = path + ": " + keyset.error().what;
  return keyset;
}

Status write_keyset_file(const std::string& path, const Keyset& keyset) {
  return replace_file(path, keyset.to_json().reveal(), S_IRUSR | S_IWUSR);
}

}  // namespace calint::crypto
