#include "runtime/service_keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/trusted_file.h"

namespace calint {
namespace {

constexpr size_t kMostBytes = 1024 * 1024;

Error unusable(const std::string& path, std::string_view what) {
  return Error{.fault = Fault::operator_fault,
               .what = fmt::format("CalIntServiceKeyFile: {}: {}", path, what),
               .detail = Detail::service_keys};
}

Error not_let_in(std::string what) { return Error{.fault = Fault::unauthenticated, .what = std::move(what)}; }

// Differs when the file does. Whoever replaces it makes another inode; whoever edits it, another time.
std::string stamp_of(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) return {};
  return fmt::format("{}/{}/{}/{}.{}/{}.{}/{:o}/{}", file.st_dev, file.st_ino, file.st_size, file.st_mtim.tv_sec,
                     file.st_mtim.tv_nsec, file.st_ctim.tv_sec, file.st_ctim.tv_nsec, file.st_mode, file.st_uid);
}

}  // namespace

Result<std::string> read_service_key_file(const std::string& path) {
  // Without O_NONBLOCK a FIFO in the file's place would hang whoever calls.
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!fd.open()) return unusable(path, std::strerror(errno));
  struct stat file {};
  if (fstat(fd.get(), &file) != 0) return unusable(path, std::strerror(errno));
  if (const std::string_view objection = objection_to_rules(file); !objection.empty()) return unusable(path, objection);
  std::string text(kMostBytes + 1, '\0');
  size_t used = 0;
  while (used < text.size()) {
    const ssize_t got = read(fd.get(), text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unusable(path, std::strerror(errno));
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  if (used > kMostBytes) return unusable(path, "is larger than 1 MB");
  text.resize(used);
  return text;
}

std::shared_ptr<const ServiceKeys::Read> ServiceKeys::current(LogSink& log) {
  std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (read_ && now - looked_at_ < kLookEvery) return read_;
  looked_at_ = now;
  const std::string stamp = stamp_of(path_);
  // What couldn't be used may be so for another reason than the file itself.
  if (read_ && read_->status.ok() && stamp == stamp_) return read_;
  stamp_ = stamp;
  auto text = read_service_key_file(path_);
  if (!text) return read_ = std::make_shared<const Read>(Read{std::move(text).error(), {}});
  ServiceKeyLines lines = parse_service_keys(*text);
  for (const ServiceKeyLines::Wrong& wrong : lines.wrong)
    log.write(LogLevel::error, "CALINT0204",
              fmt::format("ALARM: CalIntServiceKeyFile: line {} of {} {}", wrong.number, path_, wrong.what));
  std::sort(lines.keys.begin(), lines.keys.end(),
            [](const ServiceKey& a, const ServiceKey& b) { return a.digest < b.digest; });
  return read_ = std::make_shared<const Read>(Read{Status(), std::move(lines.keys)});
}

Result<ServiceKey> ServiceKeys::find(const Secret& key, Instant now, LogSink& log) {
  if (path_.empty()) return not_let_in("a service key came, and there is no CalIntServiceKeyFile");
  const std::shared_ptr<const Read> read = current(log);
  if (!read->status.ok()) return read->status.error();
  const std::string digest = digest_of_service_key(key);
  const auto found = std::lower_bound(read->keys.begin(), read->keys.end(), digest,
                                      [](const ServiceKey& one, const std::string& text) { return one.digest < text; });
  if (found == read->keys.end() || found->digest != digest)
    return not_let_in("a service key came that is none of ours");
  if (found->is_expired(now)) return not_let_in(fmt::format("the service key {} has expired", found->name));
  return *found;
}

}  // namespace calint
