#include "runtime/secret_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/program.h"

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

// What is wrong with the open file, or nothing.
std::string objection(int fd, bool must_be_private) {
  struct stat file {};
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) return "is not a file";
  if (must_be_private && (file.st_mode & (S_IRWXG | S_IRWXO)) != 0) return "can be read by others; chmod 600 it";
  return {};
}

Result<Secret> read_file(const std::string& path, bool must_be_private) {
  int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return unusable(path, std::strerror(errno));
  const std::string wrong = objection(fd, must_be_private);
  std::string bytes = wrong.empty() ? read_all(fd) : std::string();
  close(fd);
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  Secret secret(std::move(bytes));
  if (!wrong.empty()) return unusable(path, wrong);
  if (secret.empty()) return unusable(path, "is empty");
  if (secret.size() > kMaxBytes) return unusable(path, "is larger than 64 kB");
  return secret;
}

// systemd.exec(5), LoadCredential=: the folder belongs to the service alone, whatever the file's mode says.
Result<Secret> read_credential(const std::string& name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr)
    return unusable("credential:" + name, "systemd passed no credentials; write LoadCredential= into the service");
  return read_file(std::string(directory) + "/" + name, false);
}

bool strip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Result<Secret> read_secret(const std::string& source) {
  std::string_view rest = source;
  if (strip(rest, "file:")) return read_file(std::string(rest), true);
  if (strip(rest, "exec:")) return program_output(std::string(rest));
  if (strip(rest, "credential:")) return read_credential(std::string(rest));
  return Secret(rest);
}

Result<Secret> read_public_file(const std::string& path) { return read_file(path, false); }

Result<crypto::Keyset> read_keyset(const std::string& source) {
  if (!source.starts_with("exec:") && !source.starts_with("credential:")) return crypto::read_keyset_file(source);
  Result<Secret> json = read_secret(source);
  if (!json.ok()) return std::move(json).error();
  return crypto::Keyset::parse(json->reveal());
}

}  // namespace calint
