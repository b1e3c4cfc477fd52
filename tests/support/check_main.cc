#include "support/check.h"

#include <cstdlib>
#include <map>
#include <vector>

namespace calint::test {
namespace {

std::map<std::string, std::vector<const TTest*>>& suites() {
  static std::map<std::string, std::vector<const TTest*>> all;
  return all;
}

struct Hooks {
  void (*start)();
  void (*stop)();
};

std::vector<Hooks>& environments() {
  static std::vector<Hooks> all;
  return all;
}

std::string stem(const char* file) {
  std::string name(file);
  if (auto slash = name.rfind('/'); slash != std::string::npos) name.erase(0, slash + 1);
  return name.substr(0, name.rfind('.'));
}

}  // namespace

Registration::Registration(const char* file, const TTest* test) { suites()[stem(file)].push_back(test); }

Environment::Environment(void (*start)(), void (*stop)()) { environments().push_back({start, stop}); }

}  // namespace calint::test

// Runs every suite; CK_RUN_SUITE and CK_RUN_CASE narrow it, CK_FORK=no helps a debugger.
int main() {
  using namespace calint::test;
  SRunner* runner = srunner_create(nullptr);
  for (const auto& [name, tests] : suites()) {
    Suite* suite = suite_create(name.c_str());
    TCase* tcase = tcase_create(name.c_str());
    tcase_set_timeout(tcase, 60);
    for (const TTest* test : tests) tcase_add_test(tcase, test);
    suite_add_tcase(suite, tcase);
    srunner_add_suite(runner, suite);
  }
  for (const auto& hooks : environments()) hooks.start();
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  int ran = srunner_ntests_run(runner);
  srunner_free(runner);
  for (const auto& hooks : environments()) hooks.stop();
  return failed == 0 && ran > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
