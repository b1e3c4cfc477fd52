#include "runtime/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/program.h"
#include "base/trusted_file.h"
#include "crypto/keyset_file.h"

namespace calint {
namespace {

constexpr size_t kMaxBytes = 65536;

Error unusable(const std::string& path, const std::string& what) {
  return Error{.fault = Fault::operator_fault, .what = path + ": " + what};
}

// Reads what `fd` has, up to one byte past the limit. The room never grows, so no copies are left behind.
std::string read_all(int fd) {
  std::string bytes(kMaxBytes + 1, '\0');
  size_t used = 0;
  while (used < bytes.size()) {
    ssize_t got = read(fd, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return bytes;
}

enum class Trust { as_it_is, by_owner_and_mode };

// What is wrong with the open file, or nothing.
std::string_view objection(const Descriptor& fd, Trust trust) {
  struct stat file {};
  if (fstat(fd.get(), &file) != 0 || !S_ISREG(file.st_mode)) return "is not a file";
  return trust == Trust::by_owner_and_mode ? objection_to_secret(file) : std::string_view();
}

Result<Secret> read_file(const std::string& path, Trust trust) {
  // Without O_NONBLOCK a FIFO in the file's place would hang the start.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.open()) return unusable(path, std::strerror(errno));
  if (const std::string_view wrong = objection(fd, trust); !wrong.empty()) return unusable(path, std::string(wrong));
  std::string bytes = read_all(fd.get());
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  Secret secret(std::move(bytes));
  if (secret.empty()) return unusable(path, "is empty");
  if (secret.size() > kMaxBytes) return unusable(path, "is larger than 64 kB");
  return secret;
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
  if (strip(rest, "file:")) return read_file(std::string(rest), Trust::by_owner_and_mode);
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
