#include "base/replaced_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "base/descriptor.h"

namespace calint {
namespace {

Error system_fault(const std::string& path, std::string_view step) {
  const std::string reason = std::strerror(errno);
  return Error{.fault = Fault::operator_fault, .what = path + ": " + std::string(step) + ": " + reason};
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
  bool fill(std::string_view bytes, mode_t mode) {
    return fchmod(file_.get(), mode) == 0 && write_all(file_.get(), bytes) && fsync(file_.get()) == 0;
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

Status replace_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const std::string target = resolved(path);
  TemporaryFile temporary(target);
  if (!temporary.open()) return system_fault(path, "can't make a file next to it");
  if (!temporary.fill(bytes, mode)) return system_fault(path, "can't be written");
  if (!temporary.replace(target)) return system_fault(path, "can't be replaced");
  const Descriptor folder(::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.open() || fsync(folder.get()) != 0) return system_fault(path, "its folder can't be synced to disk");
  return {};
}

}  // namespace calint
