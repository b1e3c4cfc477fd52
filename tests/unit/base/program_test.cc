// The programs of the system itself stand in for the administrator's: they belong to root.
#include "base/program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "support/check.h"

using namespace calint;

namespace {

// A script of this test's, removed at its end. It belongs to whoever runs the test.
class Script {
 public:
  explicit Script(const std::string& text, mode_t mode = 0700) {
    close(mkstemp(path_.data()));
    std::ofstream(path_) << "#!/bin/sh\n" << text << "\n";
    chmod(path_.c_str(), mode);
  }
  ~Script() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/calint_program_XXXXXX";
};

bool is_root() { return geteuid() == 0; }

}  // namespace

CALINT_TEST(a_program_gives_its_output_without_the_line_end) {
  auto output = program_output("/bin/pwd");
  CHECK_OK(output);
  CHECK(output->reveal().starts_with("/"));
  CHECK(!output->reveal().ends_with("\n"));
}

CALINT_TEST(a_program_that_fails_or_says_nothing_is_the_operators_fault) {
  CHECK_FAULT(program_output("/bin/false"), Fault::operator_fault);
  CHECK_FAULT(program_output("/bin/true"), Fault::operator_fault);
  CHECK_FAULT(program_output("/bin/cat"), Fault::operator_fault);  // its input is empty
}

CALINT_TEST(a_program_that_never_stops_writing_is_killed_at_64_kB) {
  auto output = program_output("/usr/bin/yes");
  CHECK_FAULT(output, Fault::operator_fault);
  CHECK(output.error().what.find("64 kB") != std::string::npos);
}

CALINT_TEST(a_relative_path_a_folder_and_a_missing_file_are_refused) {
  CHECK_FAULT(program_output("bin/pwd"), Fault::operator_fault);
  CHECK_FAULT(program_output("/bin"), Fault::operator_fault);
  CHECK_FAULT(program_output("/bin/no-such-program"), Fault::operator_fault);
}

CALINT_TEST(a_program_that_others_may_write_is_refused) {
  Script script("echo secret", 0722);
  CHECK_FAULT(program_output(script.path()), Fault::operator_fault);
}

CALINT_TEST(a_program_that_is_not_roots_is_refused) {
  Script script("echo secret");
  if (is_root() && chown(script.path().c_str(), 65534, 65534) != 0) ck_abort_msg("chown failed");
  CHECK_FAULT(program_output(script.path()), Fault::operator_fault);
}

CALINT_TEST(no_error_shows_what_the_program_wrote) {
  if (!is_root()) return;
  Script script("echo very-secret; exit 3");
  auto output = program_output(script.path());
  CHECK_FAULT(output, Fault::operator_fault);
  CHECK(output.error().what.find("very-secret") == std::string::npos);
}

CALINT_TEST(a_program_that_hangs_is_killed_with_what_it_started) {
  if (!is_root()) return;
  Script script("sleep 60 & sleep 60");
  const auto start = std::chrono::steady_clock::now();
  auto output = program_output(script.path());
  CHECK_FAULT(output, Fault::unavailable);
  CHECK(std::chrono::steady_clock::now() - start < kProgramTimeout + std::chrono::seconds(2));
}
