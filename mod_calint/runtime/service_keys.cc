#include "runtime/service_keys.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/trusted_file.h"

namespace calint {
namespace {

constexpr size_t kMostBytes = 1024 * 1024;

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
  auto text = read_trusted_file(path, Trust::rules, kMostBytes);
  if (text) return std::string(text->reveal());
  text.error().what = "CalIntServiceKeyFile: " + text.error().what;
  text.error().detail = Detail::service_keys;
  return std::move(text).error();
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
