// The programs of the system itself stand in for the administrator's: they belong to root.
#include "base/program.h"

#include "base/clock.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/check.h"

using namespace calint;
namespace fs = std::filesystem;

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

constexpr uid_t kNobody = 65534;

// A folder of this test's, removed with what is in it; anybody may enter it.
class Folder {
 public:
  Folder() {
    CHECK(mkdtemp(path_.data()) != nullptr);
    CHECK_EQUAL(chmod(path_.c_str(), 0755), 0);
  }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  std::string script(const std::string& name, const std::string& text, uid_t owner = 0) const {
    const std::string path = *this / name;
    std::ofstream(path) << "#!/bin/sh\n" << text << "\n";
    CHECK_EQUAL(chmod(path.c_str(), 0755), 0);
    CHECK_EQUAL(chown(path.c_str(), owner, owner), 0);
    return path;
  }
  void give_away(const std::string& name) const { CHECK_EQUAL(lchown((*this / name).c_str(), kNobody, kNobody), 0); }

 private:
  std::string path_ = "/tmp/calint_programs_XXXXXX";
};

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

CALINT_TEST(a_folder_on_the_way_that_another_user_may_change_is_refused) {
  if (!is_root()) return;
  const Folder folder;
  CHECK(fs::create_directory(folder / "theirs") && fs::create_directory(folder / "open"));
  folder.script("theirs/program", "echo secret");
  folder.script("open/program", "echo secret");
  CHECK_EQUAL(chmod((folder / "open").c_str(), 0775), 0);
  folder.give_away("theirs");
  for (const char* path : {"theirs/program", "open/program", "theirs/../open/program"}) {
    auto output = program_output(folder / path);
    CHECK_FAULT(output, Fault::operator_fault);
    CHECK(output.error().what.find(folder / (path[0] == 't' ? "theirs" : "open")) != std::string::npos);
  }
}

CALINT_TEST(links_are_followed_through_folders_of_root_alone) {
  if (!is_root()) return;
  const Folder folder;
  CHECK(fs::create_directory(folder / "bin") && fs::create_directory(folder / "theirs"));
  folder.script("bin/program", "echo secret");
  fs::create_symlink("bin", folder / "link");
  fs::create_symlink("../link/program", folder / "bin/current");
  auto output = program_output(folder / "bin/current");
  CHECK_OK(output);
  CHECK_EQUAL(output->reveal(), "secret");

  fs::create_symlink(folder / "bin/program", folder / "theirs/program");
  folder.give_away("theirs");
  CHECK_FAULT(program_output(folder / "theirs/program"), Fault::operator_fault);
  fs::create_symlink("round", folder / "round");
  CHECK_FAULT(program_output(folder / "round"), Fault::operator_fault);
}

CALINT_TEST(what_was_checked_is_what_runs) {
  if (!is_root()) return;
  const Folder folder;
  const std::string roots = folder.script("roots", "echo roots");
  const std::string theirs = folder.script("theirs", "echo theirs", kNobody);
  const std::string program = folder / "program";
  fs::create_hard_link(roots, program);
  std::atomic<bool> done{false};
  std::thread swaps([&] {
    for (bool theirs_next = true; !done; theirs_next = !theirs_next) {
      fs::create_hard_link(theirs_next ? theirs : roots, folder / "next");
      fs::rename(folder / "next", program);
    }
  });
  const Deadline deadline = Deadline::in(std::chrono::seconds(10));
  for (int ran = 0; ran < 50 && !deadline.passed();) {
    auto output = program_output(program);
    if (!output.ok()) continue;
    ++ran;
    CHECK_EQUAL(output->reveal(), "roots");
  }
  CHECK(!deadline.passed());
  done = true;
  swaps.join();
}

CALINT_TEST(no_error_shows_what_the_program_wrote) {
  if (!is_root()) return;
  Script script("echo very-secret; exit 3");
  auto output = program_output(script.path());
  CHECK_FAULT(output, Fault::operator_fault);
  CHECK_EQUAL(output.error().what.find("very-secret"), std::string::npos);
}

CALINT_TEST(a_program_that_hangs_is_killed_with_what_it_started) {
  if (!is_root()) return;
  Script script("sleep 60 & sleep 60");
  const auto start = std::chrono::steady_clock::now();
  auto output = program_output(script.path());
  CHECK_FAULT(output, Fault::unavailable);
  CHECK(std::chrono::steady_clock::now() - start < kProgramTimeout + std::chrono::seconds(2));
}
