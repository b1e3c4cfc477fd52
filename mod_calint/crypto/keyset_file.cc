#include "crypto/keyset_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

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

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes.remove_prefix(static_cast<size_t>(put));
  }
  return true;
}

// The file behind links, so that a link stays one; `path` itself where nothing is there yet.
std::string resolved(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? real.get() : path;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// A file in the target's folder that is removed again unless it took the target's place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& target)
      : name_(target + ".XXXXXX"), file_(mkostemp(name_.data(), O_CLOEXEC)) {}
  ~TemporaryFile() {
    if (file_.open() && !kept_) unlink(name_.c_str());
  }
  bool open() const { return file_.open(); }
  // The umask may have taken bits from the owner too.
  bool fill(std::string_view bytes) {
    return fchmod(file_.get(), S_IRUSR | S_IWUSR) == 0 && write_all(file_.get(), bytes) && fsync(file_.get()) == 0;
  }
  bool replace(const std::string& target) {
    kept_ = rename(name_.c_str(), target.c_str()) == 0;
    return kept_;
  }

 private:
  std::string name_;
  Descriptor file_;
  bool kept_ = false;
};

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
  const std::string target = resolved(path);
  const Secret json = keyset.to_json();
  TemporaryFile temporary(target);
  if (!temporary.open()) return system_fault(path, "can't make a file next to it");
  if (!temporary.fill(json.reveal())) return system_fault(path, "can't be written");
  if (!temporary.replace(target)) return system_fault(path, "can't be replaced");
  const Descriptor folder(::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open() || fsync(folder.get()) != 0) return system_fault(path, "its folder can't be synced to disk");
  return {};
}

}  // namespace calint::crypto
