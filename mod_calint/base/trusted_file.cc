#include "base/trusted_file.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <deque>

namespace calint {
namespace {

constexpr int kMostLinks = 40;  // as the kernel
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;

class Walk {
 public:
  explicit Walk(const std::string& path) : path_(path) { prepend(path); }

  Result<Descriptor> to_the_end() {
    if (!path_.starts_with('/')) return fault(path_, "write an absolute path");
    if (Status root = enter_root(); !root) return std::move(root).error();
    while (!names_.empty()) {
      const std::string name = std::move(names_.front());
      names_.pop_front();
      const std::string here = place_ + "/" + name;
      Descriptor next(openat(folder_.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      struct stat found {};
      if (!next.open() || fstat(next.get(), &found) != 0) return fault(path_, std::strerror(errno));
      if (found.st_uid != 0) return fault(here, "must belong to root; chown root it");
      if (S_ISLNK(found.st_mode)) {
        if (Status followed = follow(next, here); !followed) return std::move(followed).error();
      } else if (!names_.empty()) {
        if (Status entered = enter(std::move(next), found, here); !entered) return std::move(entered).error();
      } else {
        return checked(std::move(next), found);
      }
    }
    return fault(path_, "is not a file");
  }

 private:
  static Error fault(const std::string& path, const std::string& what) {
    return Error{.fault = Fault::operator_fault, .what = path + ": " + what};
  }

  // Puts the path's names before those that are still to be followed.
  void prepend(std::string_view path) {
    std::deque<std::string> names;
    while (!path.empty()) {
      const std::string_view name = path.substr(0, path.find('/'));
      if (!name.empty() && name != ".") names.emplace_back(name);
      path.remove_prefix(std::min(path.size(), name.size() + 1));
    }
    names_.insert(names_.begin(), names.begin(), names.end());
  }

  Status enter_root() {
    place_.clear();
    struct stat found {};
    Descriptor root(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!root.open() || fstat(root.get(), &found) != 0) return fault("/", std::strerror(errno));
    return enter(std::move(root), found, "");
  }

  // What is in a sticky folder only its owner and root can replace, and each of these is root.
  Status enter(Descriptor folder, const struct stat& found, const std::string& place) {
    if (!S_ISDIR(found.st_mode)) return fault(path_, std::strerror(ENOTDIR));
    if ((found.st_mode & kOthersWrite) != 0 && (found.st_mode & S_ISVTX) == 0)
      return fault(place.empty() ? "/" : place, "must be writable by nobody but root; chmod go-w it");
    folder_ = std::move(folder);
    place_ = place;
    return {};
  }

  Status follow(const Descriptor& link, const std::string& place) {
    if (++links_ > kMostLinks) return fault(path_, std::strerror(ELOOP));
    std::array<char, PATH_MAX> target;
    const ssize_t length = readlinkat(link.get(), "", target.data(), target.size());
    if (length <= 0) return fault(place, "is a link that can't be read");
    const std::string_view leads_to(target.data(), static_cast<size_t>(length));
    prepend(leads_to);
    return leads_to.front() == '/' ? enter_root() : Status();
  }

  Result<Descriptor> checked(Descriptor file, const struct stat& found) const {
    if (!S_ISREG(found.st_mode)) return fault(path_, "is not a file");
    if ((found.st_mode & kOthersWrite) != 0) return fault(path_, "must be writable by nobody but root; chmod go-w it");
    return file;
  }

  const std::string& path_;
  std::deque<std::string> names_;  // still to be followed
  Descriptor folder_;              // followed so far
  std::string place_;              // its path, without a slash at the end
  int links_ = 0;
};

std::string_view objection_to_owner(const struct stat& file) {
  if (!S_ISREG(file.st_mode)) return "is not a file";
  if (file.st_uid != 0 && file.st_uid != geteuid())
    return "belongs to another user, who can read and change it; chown root it";
  return {};
}

std::string_view objection_to(const struct stat& file, Trust trust) {
  if (trust == Trust::rules) return objection_to_rules(file);
  if (trust == Trust::secret) return objection_to_secret(file);
  return S_ISREG(file.st_mode) ? std::string_view() : "is not a file";
}

// Up to `most` bytes, into a buffer that doesn't move. False with errno where reading fails.
bool read_up_to(const Descriptor& file, size_t most, std::string& bytes) {
  bytes.assign(most, '\0');
  size_t used = 0;
  while (used < most) {
    const ssize_t got = read(file.get(), bytes.data() + used, most - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  bytes.resize(used);
  return true;
}

}  // namespace

Result<Secret> read_trusted_file(const std::string& path, Trust trust, size_t most_bytes) {
  const auto fault = [&](std::string_view what) {
    return Error{.fault = Fault::operator_fault, .what = path + ": " + std::string(what)};
  };
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat found {};
  if (!file.open() || fstat(file.get(), &found) != 0) return fault(std::strerror(errno));
  if (const std::string_view objection = objection_to(found, trust); !objection.empty()) return fault(objection);
  std::string bytes;
  const int failed = read_up_to(file, most_bytes + 1, bytes) ? 0 : errno;
  Secret text(std::move(bytes));
  if (failed != 0) return fault(std::strerror(failed));
  if (text.size() > most_bytes) return fault("is larger than " + std::to_string(most_bytes / 1024) + " kB");
  return text;
}

Result<Descriptor> open_roots_file(const std::string& path) { return Walk(path).to_the_end(); }

std::string_view objection_to_rules(const struct stat& file) {
  if (const std::string_view objection = objection_to_owner(file); !objection.empty()) return objection;
  if ((file.st_mode & kOthersWrite) != 0) return "can be written by others; chmod go-w it";
  return {};
}

std::string_view objection_to_secret(const struct stat& file) {
  if (const std::string_view objection = objection_to_owner(file); !objection.empty()) return objection;
  if ((file.st_mode & (kOthersWrite | S_IRGRP | S_IROTH)) != 0) 
    return "can be read or written by others; chmod 600 it, and put another secret in its place if they may have read it";
  return {};
}

}  // namespace calint
