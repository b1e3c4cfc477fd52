#include <fmt/format.h>

#include <cstdio>

#include "availability/hours_json.h"
#include "base/json.h"
#include "ctl/command.h"
#include "store/organization_rules.h"

namespace calint::ctl {
namespace {

// A line for each, as it is written in a change.
void print_rules(const std::string& rules) {
  json_error_t error;
  const Json tree(json_loadb(rules.data(), rules.size(), 0, &error));
  const char* name = nullptr;
  json_t* value = nullptr;
  json_object_foreach(tree.get(), name, value) {
    const std::unique_ptr<char, void (*)(void*)> text(json_dumps(value, JSON_ENCODE_ANY | JSON_SORT_KEYS), std::free);
    fmt::print("{:<14} {}\n", name, json_is_null(value) ? "-" : text.get());
  }
}

int refuse(const Problems& problems) {
  for (const Problem& problem : problems.found())
    fmt::print(stderr, "--set: {}{}{}\n", std::string_view(problem.pointer).substr(problem.pointer.empty() ? 0 : 1),
               problem.pointer.empty() ? "" : ": ", problem.detail);
  return kUsage;
}

}  // namespace

int organization(const Options& options, const OrganizationCommand& command) {
  if (auto status = need_database(options); !status) return report(options, status.error());
  auto pool = open_pool(options);
  if (!command.change.empty()) {
    if (const Problems problems = availability::problems_of_organization_change(command.change); !problems.empty())
      return refuse(problems);
    const Status changed = store::change_organization_rules(*pool, command.id, command.change, {}, command_deadline());
    if (!changed) return report(options, changed.error());
  }
  auto rules = store::organization_rules(*pool, command.id, command_deadline());
  if (!rules) return report(options, rules.error());
  if (options.json)
    fmt::print("{}\n", *rules);
  else
    print_rules(*rules);
  return kDone;
}

}  // namespace calint::ctl
