#include "schema/migrate.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "ctl/command.h"

namespace calint::ctl {
namespace {

JsonArray array_of(const std::vector<std::string>& lines) {
  JsonArray array;
  for (const std::string& line : lines) array.add(line);
  return array;
}

}  // namespace

int migrate(const Options& options, bool with_ats_tables) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  const Deadline deadline = command_deadline();
  auto connection = postgres::Session::open(options.database, postgres::Session::Prepare::off,
                                            deadline.at_most(std::chrono::seconds(10)));
  if (!connection) return report(options, connection.error());
  auto done = schema::migrate(**connection, {.with_ats_tables = with_ats_tables}, deadline);
  if (!done) return report(options, done.error());
  if (options.json) {
    fmt::print("{}\n", JsonObject()
                           .add("applied", array_of(done->applied))
                           .add("notes", array_of(done->notes))
                           .add("missing", array_of(done->missing))
                           .text());
  } else {
    for (const std::string& name : done->applied) fmt::print("applied {}\n", name);
    for (const std::string& note : done->notes) fmt::print("{}\n", note);
    for (const std::string& missing : done->missing) fmt::print("MISSING: {}\n", missing);
    if (done->applied.empty()) fmt::print("the schema is up to date\n");
  }
  return done->missing.empty() ? kDone : kFailed;
}

}  // namespace calint::ctl
