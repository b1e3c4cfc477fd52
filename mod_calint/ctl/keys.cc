#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "base/json_writer.h"
#include "crypto/keyset.h"
#include "crypto/keyset_file.h"
#include "ctl/command.h"
#include "ctl/file_lock.h"
#include "integration/reencrypt.h"
#include "store/nodes.h"
#include "store/rekey.h"

namespace calint::ctl {
namespace {

void say_changed(const Options& options, uint32_t id, std::string_view status, std::string_view next) {
  if (options.json)
    fmt::print("{}\n", JsonObject().add("id", crypto::key_id_text(id)).add("status", status).text());
  else
    fmt::print("key {} is {}\n{}\n", crypto::key_id_text(id), status, next);
}

// Reads, lets `step` change it, and replaces the file.
template <typename Step>
int change(const Options& options, Step step) {
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  FileLock lock(options.key_file);
  if (auto status = lock.take(); !status) return report(options, status.error());
  auto keyset = crypto::read_keyset_file(options.key_file);
  if (!keyset) return report(options, keyset.error());
  if (auto status = step(*keyset); !status) return report(options, status.error());
  if (auto status = crypto::write_keyset_file(options.key_file, *keyset); !status)
    return report(options, status.error());
  return kDone;
}

using AskNodes = Result<std::vector<std::string>> (*)(postgres::Session&, const std::string& key_id, Deadline);

// conflict where `which` finds nodes: `what` is said of them, and `force` of --force.
Status no_node(const Options& options, uint32_t id, AskNodes which, std::string_view what, std::string_view force) {
  if (auto status = need_database(options); !status) return status;
  auto connection = postgres::Session::open(options.database, postgres::Session::Prepare::off,
                                            Deadline::in(std::chrono::seconds(10)));
  if (!connection) return std::move(connection).error();
  auto nodes = which(**connection, crypto::key_id_text(id), Deadline::in(std::chrono::seconds(10)));
  if (!nodes) return std::move(nodes).error();
  if (nodes->empty()) return {};
  return Error{
      .fault = Fault::conflict,
      .what = fmt::format("{}: {}. Copy the keyset there and reload httpd; a node reports its keys with its next "
                          "request. --force {} all the same",
                          what, fmt::join(*nodes, ", "), force)};
}

Status nothing_uses(const Options& options, uint32_t id) {
  if (auto status = need_database(options); !status) return status;
  auto pool = open_pool(options);
  auto used = store::count_sealed_with(*pool, crypto::key_id_text(id), command_deadline());
  if (!used) return std::move(used).error();
  if (*used == 0) return {};
  return Error{
      .fault = Fault::conflict,
      .what = fmt::format("{} stored values are still sealed by this key: run calintctl keys reencrypt first", *used)};
}

}  // namespace

int keys_generate(const Options& options) {
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  FileLock lock(options.key_file);
  if (auto status = lock.take(); !status) return report(options, status.error());
  if (std::filesystem::exists(std::filesystem::symlink_status(options.key_file)))
    return report(options,
                  {.fault = Fault::conflict,
                   .what = "there is a file already: a keyset in use must not be overwritten; keys add makes a "
                           "further key"});
  auto keyset = crypto::Keyset::generate(SystemClock().now());
  if (!keyset) return report(options, keyset.error());
  if (auto status = crypto::write_keyset_file(options.key_file, *keyset); !status)
    return report(options, status.error());
  say_changed(options, keyset->primary().id, "primary",
              "Back this file up: without it no stored token can be opened again.");
  return kDone;
}

int keys_list(const Options& options) {
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  auto keyset = crypto::read_keyset_file(options.key_file);
  if (!keyset) return report(options, keyset.error());
  JsonArray list;
  for (const crypto::Key& key : keyset->keys()) {
    const std::string id = crypto::key_id_text(key.id);
    const std::string status(crypto::to_string(key.status));
    list.add(JsonObject().add("id", id).add("status", status));
    if (!options.json) fmt::print("{}  {}\n", id, status);
  }
  if (options.json) fmt::print("{}\n", list.text());
  return kDone;
}

int keys_add(const Options& options) {
  uint32_t added = 0;
  const int code = change(options, [&](crypto::Keyset& keyset) -> Status {
    auto id = keyset.add(SystemClock().now());
    if (!id) return std::move(id).error();
    added = *id;
    return {};
  });
  if (code == kDone)
    say_changed(options, added, "pending",
                "Copy the keyset to every node and reload httpd there; then: calintctl keys promote");
  return code;
}

int keys_promote(const Options& options, const KeyCommand& command) {
  auto id = crypto::parse_key_id(command.id);
  if (!id) return report(options, id.error());
  const int code = change(options, [&](crypto::Keyset& keyset) -> Status {
    if (!command.force)
      if (auto status =
              no_node(options, *id, store::nodes_without_key, "these nodes don't have the key yet", "promotes");
          !status)
        return status;
    return keyset.promote(*id);
  });
  if (code == kDone)
    say_changed(options, *id, "primary",
                "Copy the keyset to every node and reload httpd; then: calintctl keys reencrypt");
  return code;
}

int keys_reencrypt(const Options& options) {
  if (auto status = need_key_file(options); !status) return report(options, status.error());
  if (auto status = need_database(options); !status) return report(options, status.error());
  auto keyset = crypto::read_keyset_file(options.key_file);
  if (!keyset) return report(options, keyset.error());
  auto pool = open_pool(options);
  const bool terminal = !options.json && ::isatty(STDERR_FILENO) == 1;
  auto progress = [&](const integration::ReencryptCount& count) {
    if (terminal) fmt::print(stderr, "\r{} moved", count.moved);
  };
  auto count = integration::reencrypt(*pool, *keyset, progress, command_deadline());
  if (terminal) fmt::print(stderr, "\n");
  if (!count) return report(options, count.error());
  if (options.json)
    fmt::print("{}\n", JsonObject()
                           .add("moved", count->moved)
                           .add("changed_meanwhile", count->changed_meanwhile)
                           .add("unreadable", count->unreadable)
                           .text());
  else
    fmt::print("{} rows moved to key {}, {} changed meanwhile, {} unreadable\n", count->moved,
               crypto::key_id_text(keyset->primary().id), count->changed_meanwhile, count->unreadable);
  return count->unreadable == 0 ? kDone : kFailed;
}

int keys_retire(const Options& options, const KeyCommand& command) {
  auto id = crypto::parse_key_id(command.id);
  if (!id) return report(options, id.error());
  const int code = change(options, [&](crypto::Keyset& keyset) -> Status {
    if (!command.force)
      if (auto status =
              no_node(options, *id, store::nodes_sealing_with, "these nodes still seal with the key", "retires");
          !status)
        return status;
    if (auto status = nothing_uses(options, *id); !status) return status;
    return keyset.retire(*id);
  });
  if (code == kDone) say_changed(options, *id, "disabled", "Copy the keyset to every node and reload httpd.");
  return code;
}

int keys_enable(const Options& options, const KeyCommand& command) {
  auto id = crypto::parse_key_id(command.id);
  if (!id) return report(options, id.error());
  const int code = change(options, [&](crypto::Keyset& keyset) { return keyset.enable(*id); });
  if (code == kDone) say_changed(options, *id, "enabled", "Copy the keyset to every node and reload httpd.");
  return code;
}

}  // namespace calint::ctl
