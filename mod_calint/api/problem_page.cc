#include "api/problem_page.h"

#include <fmt/format.h>

#include "api/problem_types.h"

namespace calint::api {
namespace {

constexpr std::string_view kPath = "/problems";

// The table's words have no markup.
std::string entry(const ProblemType& type) {
  return fmt::format("<h2 id=\"{}\">{}: {}</h2>\n<p>Status {}. {}</p>\n<p>{}</p>\n", type.name, type.name, type.title,
                     type.status, type.meaning, type.remedy);
}

Response page(const std::string& entries) {
  return {.status = 200,
          .headers = {},
          .content_type = "text/html; charset=utf-8",
          .body = fmt::format("<!DOCTYPE html>\n<html lang=\"en\"><head><title>Problems</title></head><body><main>\n"
                              "<h1>Problems of the calendar interface</h1>\n{}</main></body></html>\n",
                              entries)};
}

}  // namespace

std::optional<Response> problem_page(std::string_view path) {
  if (!path.starts_with(kPath)) return std::nullopt;
  path.remove_prefix(kPath.size());
  if (path.empty()) {
    std::string entries;
    for (const ProblemType& type : kProblemTypes) entries += entry(type);
    return page(entries);
  }
  const ProblemType* type = path.front() == '/' ? find_problem_type(path.substr(1)) : nullptr;
  return type == nullptr ? std::nullopt : std::optional(page(entry(*type)));
}

}  // namespace calint::api
