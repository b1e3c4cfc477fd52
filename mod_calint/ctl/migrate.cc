#include "schema/migrate.h"

#include <fmt/format.h>
#include <jansson.h>

#include "ctl/command.h"

namespace calint::ctl {
namespace {

json_t* array_of(const std::vector<std::string>& lines) {
  json_t* array = json_array();
  for (const std::string& line : lines) json_array_append_new(array, json_stringn(line.data(), line.size()));
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
    json_t* object = json_pack("{s:o, s:o, s:o}", "applied", array_of(done->applied), "notes", array_of(done->notes),
                               "missing", array_of(done->missing));
    json_dumpf(object, stdout, JSON_COMPACT);
    fmt::print("\n");
    json_decref(object);
  } else {
    for (const std::string& name : done->applied) fmt::print("applied {}\n", name);
    for (const std::string& note : done->notes) fmt::print("{}\n", note);
    for (const std::string& missing : done->missing) fmt::print("MISSING: {}\n", missing);
    if (done->applied.empty()) fmt::print("the schema is up to date\n");
  }
  return done->missing.empty() ? kDone : kFailed;
}

}  // namespace calint::ctl
