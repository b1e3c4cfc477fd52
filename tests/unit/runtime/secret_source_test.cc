#include "runtime/secret_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "support/check.h"

using namespace calint;

namespace {

class File {
 public:
  explicit File(const std::string& text, mode_t mode = 0600) {
    close(mkstemp(path_.data()));
    std::ofstream(path_) << text;
    chmod(path_.c_str(), mode);
  }
  ~File() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }
  std::string name() const { return path_.substr(5); }

 private:
  std::string path_ = "/tmp/calint_secret_XXXXXX";
};

}  // namespace

CALINT_TEST(a_secret_may_stand_in_the_configuration_itself) {
  auto secret = read_secret("GOCSPX-abc");
  CHECK_OK(secret);
  CHECK_EQUAL(secret->reveal(), "GOCSPX-abc");
}

CALINT_TEST(a_secret_file_loses_one_line_end) {
  File file("abc\n\n");
  auto secret = read_secret("file:" + file.path());
  CHECK_OK(secret);
  CHECK_EQUAL(secret->reveal(), "abc\n");
}

CALINT_TEST(a_secret_file_that_others_can_read_is_refused) {
  File file("abc", 0640);
  auto secret = read_secret("file:" + file.path());
  CHECK_FAULT(secret, Fault::operator_fault);
  CHECK(secret.error().what.find("chmod 600") != std::string::npos);
}

CALINT_TEST(a_secret_file_of_another_user_is_refused) {
  if (geteuid() != 0) return;
  File file("abc");
  CHECK_EQUAL(chown(file.path().c_str(), 65534, 65534), 0);
  auto secret = read_secret("file:" + file.path());
  CHECK_FAULT(secret, Fault::operator_fault);
  CHECK(secret.error().what.find("chown root") != std::string::npos);
}

CALINT_TEST(a_pipe_in_a_secret_files_place_holds_nothing_up) {
  const std::string path = "/tmp/calint_secret_pipe_" + std::to_string(getpid());
  CHECK_EQUAL(mkfifo(path.c_str(), 0600), 0);
  const auto secret = read_secret("file:" + path);
  unlink(path.c_str());
  CHECK_FAULT(secret, Fault::operator_fault);
}

CALINT_TEST(an_empty_a_missing_and_a_huge_secret_file_are_refused) {
  File empty("\n");
  File huge(std::string(70000, 'x'));
  CHECK_FAULT(read_secret("file:" + empty.path()), Fault::operator_fault);
  CHECK_FAULT(read_secret("file:" + huge.path()), Fault::operator_fault);
  CHECK_FAULT(read_secret("file:/no/such/file"), Fault::operator_fault);
  CHECK_FAULT(read_secret("file:/tmp"), Fault::operator_fault);
}

CALINT_TEST(a_credential_comes_from_the_folder_that_systemd_names) {
  File file("abc\n", 0440);
  unsetenv("CREDENTIALS_DIRECTORY");
  CHECK_FAULT(read_secret("credential:" + file.name()), Fault::operator_fault);
  setenv("CREDENTIALS_DIRECTORY", "/tmp", 1);
  auto secret = read_secret("credential:" + file.name());
  CHECK_OK(secret);
  CHECK_EQUAL(secret->reveal(), "abc");
}
