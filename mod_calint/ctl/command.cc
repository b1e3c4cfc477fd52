#include "ctl/command.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/json_writer.h"

namespace calint::ctl {

int report(const Options& options, const Error& error) {
  if (options.json) {
    fmt::print(stderr, "{}\n",
               JsonObject()
                   .add("error", error.what)
                   .add("fault", to_string(error.fault))
                   .add("code", code_of(error))
                   .text());
  } else {
    fmt::print(stderr, "calintctl: {}\n", text_of(error));
  }
  return static_cast<int>(reaction_to(error.fault).exit);
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
