#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/json_writer.h"
#include "base/replaced_file.h"
#include "base/rfc3339.h"
#include "ctl/command.h"
#include "ctl/file_lock.h"
#include "runtime/service_keys.h"

namespace calint::ctl {
namespace {

// httpd's children read it as the user that they run as, and it has no secret.
constexpr mode_t kMode = 0644;

Error usage(std::string what) { return Error{.fault = Fault::bad_input, .what = std::move(what)}; }

Status need_file(const ServiceKeyCommand& command) {
  if (!command.file.empty()) return {};
  return usage("say which file: --file PATH, or CALINT_SERVICE_KEY_FILE");
}

// Empty where there is none yet.
Result<std::string> text_of(const std::string& path) {
  if (!std::filesystem::exists(std::filesystem::symlink_status(path))) return std::string();
  return read_service_key_file(path);
}

Result<ServiceKey> wanted_key(const ServiceKeyCommand& command) {
  if (!is_service_key_name(command.name))
    return usage("a key's name is 1 to 64 letters, digits, '.', '_' and '-'");
  ServiceKey key{.name = command.name};
  if (command.organization != "*") key.organization = command.organization;
  const auto scopes = parse_scopes(command.scopes);
  if (!scopes) return usage("--scopes takes availability, events and changes, with commas between them");
  key.scopes = *scopes;
  if (command.expires.empty()) return key;
  const auto expiry = parse_rfc3339(command.expires);
  if (!expiry) return usage("--expires is not a time with an offset, such as 2027-12-31T00:00:00Z");
  if (*expiry <= SystemClock().now()) return usage("--expires is over already");
  key.expires_at = *expiry;
  return key;
}

std::string expiry_of(const ServiceKey& key) {
  return key.expires_at ? rfc3339_text(std::chrono::floor<std::chrono::seconds>(*key.expires_at)) : std::string();
}

std::string_view state_of(const ServiceKey& key) { return key.is_expired(SystemClock().now()) ? "expired" : "valid"; }

// Reads, lets `step` make a new text of it, and replaces the file.
template <typename Step>
Status change(const ServiceKeyCommand& command, Step step) {
  if (auto status = need_file(command); !status) return status;
  FileLock lock(command.file);
  if (auto status = lock.take(); !status) return status;
  auto text = text_of(command.file);
  if (!text) return std::move(text).error();
  Result<std::string> changed = step(std::move(*text));
  return changed ? replace_file(command.file, *changed, kMode) : Status(std::move(changed).error());
}

JsonObject as_json(const ServiceKey& key) {
  JsonObject object;
  object.add("name", key.name)
      .add("organization_id", key.organization.value_or("*"))
      .add("scopes", scopes_text(key.scopes))
      .add("state", state_of(key));
  return object.add_filled("expires_at", expiry_of(key));
}

}  // namespace

int service_keys_add(const Options& options, const ServiceKeyCommand& command) {
  auto key = wanted_key(command);
  if (!key) return report(options, key.error());
  const Secret secret = make_service_key();
  key->digest = digest_of_service_key(secret);
  const Status added = change(command, [&](std::string text) -> Result<std::string> {
    if (without_service_key(text, key->name))
      return Error{.fault = Fault::conflict, .what = "there is a key of this name; revoke it first"};
    if (!text.empty() && text.back() != '\n') text += '\n';
    return text + service_key_line(*key) + '\n';
  });
  if (!added) return report(options, added.error());
  if (options.json)
    fmt::print("{}\n", as_json(*key).add("key", secret.reveal()).text());
  else
    fmt::print("{}\n", secret.reveal());
  return kDone;
}

int service_keys_list(const Options& options, const ServiceKeyCommand& command) {
  if (auto status = need_file(command); !status) return report(options, status.error());
  auto text = text_of(command.file);
  if (!text) return report(options, text.error());
  const ServiceKeyLines lines = parse_service_keys(*text);
  JsonArray all;
  for (const ServiceKey& key : lines.keys) {
    if (options.json) {
      all.add(as_json(key));
      continue;
    }
    const std::string expiry = expiry_of(key);
    fmt::print("{:<20}  {:<12}  {:<28}  {:<7}  {}\n", key.name, key.organization.value_or("*"),
               scopes_text(key.scopes), state_of(key), expiry.empty() ? "-" : expiry);
  }
  if (options.json) fmt::print("{}\n", all.text());
  for (const ServiceKeyLines::Wrong& wrong : lines.wrong)
    fmt::print(stderr, "calintctl: line {} of {} {}\n", wrong.number, command.file, wrong.what);
  return lines.wrong.empty() ? kDone : kFailed;
}

int service_keys_revoke(const Options& options, const ServiceKeyCommand& command) {
  const Status revoked = change(command, [&](const std::string& text) -> Result<std::string> {
    auto rest = without_service_key(text, command.name);
    if (rest) return std::move(*rest);
    return Error{.fault = Fault::not_found, .what = "there is no key of this name in " + command.file};
  });
  if (!revoked) return report(options, revoked.error());
  if (options.json)
    fmt::print("{}\n", JsonObject().add("name", command.name).add("state", "revoked").text());
  else
    fmt::print("{} is revoked; nodes take it for at most 10 seconds more\n", command.name);
  return kDone;
}

}  // namespace calint::ctl
