#include "ctl/command.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/json_writer.h"

namespace calint::ctl {
namespace {

ExitCode code_for(Fault fault) {
  switch (fault) {
    case Fault::bad_input: return kUsage;
    case Fault::conflict:
    case Fault::forbidden: return kRefused;
    case Fault::unavailable:
    case Fault::in_doubt:
    case Fault::too_many:
    case Fault::rate_limited: return kUnavailable;
    default: return kFailed;
  }
}

}  // namespace

int report(const Options& options, const Error& error) {
  if (options.json) {
    fmt::print(stderr, "{}\n",
               JsonObject()
                   .add("error", error.what)
                   .add("fault", to_string(error.fault))
                   .add("code", error.code)
                   .text());
  } else {
    fmt::print(stderr, "calintctl: {}{}\n", error.what, error.code.empty() ? "" : " (" + error.code + ")");
  }
  return code_for(error.fault);
}

Deadline command_deadline() { return Deadline::in(std::chrono::minutes(60)); }

Status need_database(const Options& options) {
  if (!options.database.empty()) return {};
  return Error{.fault = Fault::bad_input, .what = "say which database: --database CONNINFO, or CALINT_DATABASE"};
}

Status need_key_file(const Options& options) {
  if (!options.key_file.empty()) return {};
  return Error{.fault = Fault::bad_input, .what = "say which keyset: --key-file PATH, or CALINT_KEY_FILE"};
}

std::unique_ptr<postgres::Pool> open_pool(const Options& options) {
  return std::make_unique<postgres::Pool>(postgres::Pool::Options{.conninfo = options.database, .max = 2});
}

}  // namespace calint::ctl
