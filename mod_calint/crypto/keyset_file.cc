#include "crypto/keyset_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/replaced_file.h"
#include "base/trusted_file.h"

namespace calint::crypto {
namespace {

constexpr size_t kMaxFileBytes = 65536;

Error file_fault(const std::string& path, std::string_view what) {
  return Error{.fault = Fault::operator_fault, .what = path + ": " + std::string(what)};
}

Error system_fault(const std::string& path, std::string_view step) {
  const std::string reason = std::strerror(errno);
  return file_fault(path, std::string(step) + ": " + reason);
}

// Up to `limit` bytes, into a buffer that doesn't move. False with errno where reading fails.
bool read_up_to(int fd, size_t limit, std::string& bytes) {
  bytes.assign(limit, '\0');
  size_t used = 0;
  while (used < limit) {
    const ssize_t got = read(fd, bytes.data() + used, limit - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return true;
}

}  // namespace

Result<Keyset> read_keyset_file(const std::string& path) {
  // Links are followed: systemd and Kubernetes hand out credentials through them. Without O_NONBLOCK a
  // FIFO in the file's place would hang the start.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.open())
    return errno == ENOENT ? file_fault(path, "there is no keyset; make one with calintctl keys generate")
                           : system_fault(path, "can't be opened");
  struct stat facts {};
  if (fstat(file.get(), &facts) != 0) return system_fault(path, "can't be examined");
  if (const std::string_view wrong = objection_to_secret(facts); !wrong.empty())
    return file_fault(path, std::string(wrong) + ", and rotate its keys if they may have been read");
  std::string text;
  const bool read = read_up_to(file.get(), kMaxFileBytes + 1, text);
  const Secret json(std::move(text));
  if (!read) return system_fault(path, "can't be read");
  if (json.size() > kMaxFileBytes) return file_fault(path, "is larger than 64 kB; name a keyset file");
  auto keyset = Keyset::parse(json.reveal());
  if (!keyset.ok()) keyset.error().what = path + ": " + keyset.error().what;
  return keyset;
}

Status write_keyset_file(const std::string& path, const Keyset& keyset) {
  return replace_file(path, keyset.to_json().reveal(), S_IRUSR | S_IWUSR);
}

}  // namespace calint::crypto
