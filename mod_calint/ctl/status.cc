#include <fmt/format.h>
#include <jansson.h>

#include "ctl/command.h"
#include "store/overview.h"

namespace calint::ctl {
namespace {

const char* text(const json_t* object, const char* name) {
  const char* value = json_string_value(json_object_get(object, name));
  return value == nullptr ? "-" : value;
}

json_int_t number(const json_t* object, const char* name) { return json_integer_value(json_object_get(object, name)); }

void print(const json_t* overview) {
  size_t index = 0;
  json_t* one = nullptr;
  fmt::print("connections\n");
  json_array_foreach(json_object_get(overview, "integrations"), index, one)
    fmt::print("  {:<8}  {:<9}  {}  oldest {}\n", text(one, "provider"), text(one, "status"), number(one, "count"),
               text(one, "oldest"));
  fmt::print("jobs\n");
  json_array_foreach(json_object_get(overview, "jobs"), index, one)
    fmt::print("  {:<8}  {:<8}  {:<8}  {}  oldest {}\n", text(one, "kind"), text(one, "provider"), text(one, "state"),
               number(one, "count"), text(one, "oldest"));
  fmt::print("refreshes\n");
  json_array_foreach(json_object_get(overview, "refreshes"), index, one)
    fmt::print("  {:<8}  {:<8}  {}  oldest {}\n", text(one, "provider"), text(one, "state"), number(one, "count"),
               text(one, "oldest"));
  fmt::print("nodes\n");
  json_array_foreach(json_object_get(overview, "nodes"), index, one)
    fmt::print("  {}  version {}  seen {}\n", text(one, "node_id"), text(one, "version"), text(one, "seen_at"));
}

}  // namespace

int status(const Options& options) {
  if (auto known = need_database(options); !known) return report(options, known.error());
  auto pool = open_pool(options);
  auto overview = store::overview(*pool, command_deadline());
  if (!overview) return report(options, overview.error());
  if (options.json) {
    fmt::print("{}\n", *overview);
    return kDone;
  }
  json_t* parsed = json_loadb(overview->data(), overview->size(), 0, nullptr);
  print(parsed);
  json_decref(parsed);
  return kDone;
}

}  // namespace calint::ctl
