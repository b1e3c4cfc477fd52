#include <fmt/format.h>
#include <jansson.h>

#include <string>

#include "app/figures.h"
#include "ctl/command.h"
#include "store/overview.h"

namespace calint::ctl {
namespace {

std::string shown(const json_t* value) {
  if (json_is_integer(value)) return std::to_string(json_integer_value(value));
  const char* text = json_string_value(value);
  return text == nullptr ? "-" : text;
}

void print(const json_t* overview) {
  for (const app::FigureGroup& group : app::figures()) {
    fmt::print("{}\n", group.heading);
    size_t index = 0;
    json_t* one = nullptr;
    json_array_foreach(json_object_get(overview, std::string(group.array).c_str()), index, one) {
      const auto value = [&](std::string_view member) {
        return shown(json_object_get(one, std::string(member).c_str()));
      };
      std::string line;
      for (const std::string_view label : group.labels) line += fmt::format("  {:<9}", value(label));
      for (const app::Figure& figure : group.figures)
        line += fmt::format("  {}{}{}", figure.word, figure.word.empty() ? "" : " ", value(figure.member));
      fmt::print("{}\n", line);
    }
  }
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
