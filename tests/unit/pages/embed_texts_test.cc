// The build step that makes C++ of files of texts: what it makes, and which files it refuses.
#include <sys/wait.h>

#include <fstream>
#include <iterator>

#include "folder.h"
#include "page_samples.h"
#include "support/check.h"

using namespace calint::test;

namespace {

// English and perhaps another language, and what the step says of them.
class Step {
 public:
  explicit Step(const std::string& english, const std::string& german = {}) {
    folder_.write("en.json", english);
    if (!german.empty()) folder_.write("de.json", german);
    const std::string command = std::string(CALINT_EMBED_TEXTS) + " " + folder_.file("texts.h") + " " +
                                folder_.file("en.json") + (german.empty() ? "" : " " + folder_.file("de.json")) +
                                " 2>" + folder_.file("errors");
    const int status = std::system(command.c_str());
    taken_ = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  bool taken() const { return taken_; }
  std::string errors() const { return read("errors"); }
  std::string header() const { return read("texts.h"); }

 private:
  std::string read(const std::string& name) const {
    std::ifstream file(folder_.file(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }

  Folder folder_;
  bool taken_ = false;
};

void check_refused(const Step& step, std::string_view why) {
  CHECK(!step.taken());
  ck_assert_msg(contains(step.errors(), why), "%s", step.errors().c_str());
}

}  // namespace

CALINT_TEST(a_text_is_a_type_with_a_field_for_each_argument) {
  const Step step(R"({"a.b.c": "{who} has {n, plural, other {#}}"})");
  CHECK(step.taken());
  CHECK(
      contains(step.header(), "namespace calint::texts::a::b {\nstruct c {\n  pages::Count n;\n  pages::Words who;\n"));
}

CALINT_TEST(the_texts_of_providers_are_one_type) {
  const Step step(R"({"provider.google.x": "a", "provider.apple.x": "b"})");
  CHECK(step.taken());
  CHECK(contains(step.header(), R"(kIds[] = {"provider.google.x", "", "provider.apple.x"};)"));
  check_refused(Step(R"({"provider.google.x": "a", "provider.apple.x": "{b}"})"), "takes other arguments than another");
  check_refused(Step(R"({"provider.nobody.x": "a"})"), "is of no provider");
}

CALINT_TEST(a_language_has_every_text_with_the_same_arguments) {
  const std::string english = R"({"a": "{x}", "b": "{n, number}"})";
  CHECK(Step(english, R"({"b": "{n}{n, plural, other {}}", "a": "{x}"})").taken());
  check_refused(Step(english, R"({"a": "{x}"})"), "de.json: \"b\" is missing");
  check_refused(Step(english, R"({"a": "y", "b": "{n, number}"})"), "de.json: \"a\" takes {x}");
  check_refused(Step(english, R"({"a": "{x}", "b": "{n, number}", "c": "z"})"), "de.json: there is no text \"c\"");
}

CALINT_TEST(what_is_no_file_of_texts_ends_the_build) {
  check_refused(Step("{"), "en.json: line 1: ");
  check_refused(Step(R"({"a": "{x"})"), "en.json: \"a\" can't be read");
  check_refused(Step(R"({"a.": "x"})"), "an id is words");
  check_refused(Step(R"({"A": "x"})"), "an id is words");
}
