#include "runtime/secret_source.h"

#include <cstdlib>
#include <string_view>

#include "base/program.h"
#include "base/trusted_file.h"
#include "crypto/keyset_file.h"

namespace calint {
namespace {

constexpr size_t kMostBytes = 64 * 1024;

Error unusable(const std::string& path, const std::string& what) {
  return Error{.fault = Fault::operator_fault, .what = path + ": " + what};
}

Result<Secret> read_file(const std::string& path, Trust trust) {
  auto file = read_trusted_file(path, trust, kMostBytes);
  if (!file) return std::move(file).error();
  std::string_view text = file->reveal();
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  if (text.empty()) return unusable(path, "is empty");
  return Secret(text);
}

// systemd.exec(5), LoadCredential=: the folder belongs to the service alone, whatever the file's mode says.
Result<Secret> read_credential(const std::string& name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr)
    return unusable("credential:" + name, "systemd passed no credentials; write LoadCredential= into the service");
  return read_file(std::string(directory) + "/" + name, Trust::as_it_is);
}

bool strip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<Secret> read_secret(const std::string& source) {
  std::string_view rest = source;
  if (strip(rest, "file:")) return read_file(std::string(rest), Trust::secret);
  if (strip(rest, "exec:")) return program_output(std::string(rest));
  if (strip(rest, "credential:")) return read_credential(std::string(rest));
  return Secret(rest);
}

Result<Secret> read_public_file(const std::string& path) { return read_file(path, Trust::as_it_is); }

Result<crypto::Keyset> read_keyset(const std::string& source) {
  if (!source.starts_with("exec:") && !source.starts_with("credential:")) return crypto::read_keyset_file(source);
  Result<Secret> json = read_secret(source);
  if (!json.ok()) return std::move(json).error();
  return crypto::Keyset::parse(json->reveal());
}

}  // namespace calint
