// What a check of the configuration finds.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace calint::httpd {

struct Problem {
  enum class Weight { fatal, warning };
  Weight weight;
  std::string text;  // what is wrong and what to write
};

class Findings {
 public:
  template <typename... Args>
  void fatal(fmt::format_string<Args...> text, Args&&... args) {
    problems_.push_back({Problem::Weight::fatal, fmt::format(text, std::forward<Args>(args)...)});
  }
  template <typename... Args>
  void warning(fmt::format_string<Args...> text, Args&&... args) {
    problems_.push_back({Problem::Weight::warning, fmt::format(text, std::forward<Args>(args)...)});
  }
  std::vector<Problem> take() { return std::move(problems_); }

 private:
  std::vector<Problem> problems_;
};

}  // namespace calint::httpd
