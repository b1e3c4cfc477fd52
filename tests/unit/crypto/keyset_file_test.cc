#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/keyset_file.h"
#include "support/check.h"

using namespace calint;
using namespace calint::crypto;
namespace fs = std::filesystem;

namespace {

// A folder of this test's own, removed with what is in it.
class Folder {
 public:
  Folder() { CHECK(mkdtemp(path_.data()) != nullptr); }
  ~Folder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  size_t entries() const { return static_cast<size_t>(std::distance(fs::directory_iterator(path_), {})); }

 private:
  std::string path_ = fs::temp_directory_path() / "calint_keyset_XXXXXX";
};

Keyset new_keyset() { return Keyset::generate(SystemClock().now()).value(); }

std::string read_all(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_plain(const std::string& path, std::string_view text, mode_t mode = 0600) {
  std::ofstream(path) << text;
  CHECK_EQUAL(chmod(path.c_str(), mode), 0);
}

mode_t mode_of(const std::string& path) {
  struct stat facts {};
  CHECK_EQUAL(lstat(path.c_str(), &facts), 0);
  return facts.st_mode;
}

// Refused as the administrator's to mend, with the path in the message.
void check_operator_fault(const std::string& path) {
  auto keyset = read_keyset_file(path);
  CHECK_FAULT(keyset, Fault::operator_fault);
  CHECK(keyset.error().what.find(path) != std::string::npos);
}

}  // namespace

CALINT_TEST(a_written_keyset_is_read_again) {
  const Folder folder;
  const Keyset keyset = new_keyset();
  CHECK_OK(write_keyset_file(folder / "keys", keyset));
  CHECK_EQUAL((mode_of(folder / "keys") & 07777), 0600);
  auto read = read_keyset_file(folder / "keys");
  CHECK_OK(read);
  CHECK_EQUAL(read->to_json().reveal(), keyset.to_json().reveal());
  CHECK_EQUAL(folder.entries(), 1);
}

CALINT_TEST(the_mode_is_0600_whatever_the_umask_and_the_old_mode) {
  const Folder folder;
  for (mode_t mask : {0000, 0022, 0777}) {
    const mode_t before = umask(mask);
    CHECK_OK(write_keyset_file(folder / "keys", new_keyset()));
    umask(before);
    CHECK_EQUAL((mode_of(folder / "keys") & 07777), 0600);
    CHECK_EQUAL(chmod((folder / "keys").c_str(), 0644), 0);
  }
}

CALINT_TEST(a_file_that_others_may_read_or_write_is_refused) {
  const Folder folder;
  CHECK_OK(write_keyset_file(folder / "keys", new_keyset()));
  for (mode_t mode : {0600, 0400, 0700, 0610, 0601}) {
    CHECK_EQUAL(chmod((folder / "keys").c_str(), mode), 0);
    CHECK_OK(read_keyset_file(folder / "keys"));
  }
  for (mode_t mode : {0640, 0620, 0604, 0602, 0644, 0660, 0666, 0777}) {
    CHECK_EQUAL(chmod((folder / "keys").c_str(), mode), 0);
    check_operator_fault(folder / "keys");
  }
}

CALINT_TEST(a_missing_file_names_the_command_that_makes_one) {
  const Folder folder;
  check_operator_fault(folder / "keys");
  CHECK(read_keyset_file(folder / "keys").error().what.find("calintctl keys generate") != std::string::npos);
  check_operator_fault(folder / "no/such/folder");
  check_operator_fault(std::string());
}

CALINT_TEST(a_link_to_a_good_file_is_followed) {
  const Folder folder;
  const Keyset keyset = new_keyset();
  CHECK_OK(write_keyset_file(folder / "target", keyset));
  fs::create_symlink("target", folder / "link");
  fs::create_symlink("link", folder / "link_to_link");
  for (const char* name : {"link", "link_to_link"}) {
    auto read = read_keyset_file(folder / name);
    CHECK_OK(read);
    CHECK_EQUAL(read->primary().id, keyset.primary().id);
  }
}

CALINT_TEST(a_link_is_judged_by_what_it_leads_to) {
  const Folder folder;
  write_plain(folder / "open_to_all", new_keyset().to_json().reveal(), 0644);
  fs::create_symlink("open_to_all", folder / "link");
  check_operator_fault(folder / "link");
  fs::create_symlink("nothing", folder / "dangling");
  check_operator_fault(folder / "dangling");
  fs::create_symlink("loop", folder / "loop");
  check_operator_fault(folder / "loop");
}

CALINT_TEST(what_is_not_a_regular_file_is_refused_without_waiting) {
  const Folder folder;
  check_operator_fault(folder.path());
  CHECK_EQUAL(mkfifo((folder / "fifo").c_str(), 0600), 0);
  check_operator_fault(folder / "fifo");
  check_operator_fault("/dev/null");
  check_operator_fault("/dev/zero");
}

CALINT_TEST(a_file_larger_than_64_kb_is_refused) {
  const Folder folder;
  const std::string json(new_keyset().to_json().reveal());
  write_plain(folder / "keys", json + std::string(65536 - json.size(), '\n'));
  CHECK_OK(read_keyset_file(folder / "keys"));
  write_plain(folder / "keys", json + std::string(65537 - json.size(), '\n'));
  check_operator_fault(folder / "keys");
}

CALINT_TEST(a_full_keyset_fits_a_file) {
  const Folder folder;
  Keyset keyset = new_keyset();
  while (keyset.keys().size() < kMaxKeys) CHECK_OK(keyset.add(SystemClock().now()));
  for (size_t i = 1; i < kMaxKeys; ++i) CHECK_OK(keyset.retire(keyset.keys()[i].id));
  CHECK_OK(write_keyset_file(folder / "keys", keyset));
  auto read = read_keyset_file(folder / "keys");
  CHECK_OK(read);
  CHECK_EQUAL(read->keys().size(), kMaxKeys);
}

CALINT_TEST(a_file_without_a_keyset_is_bad_input) {
  const Folder folder;
  for (const char* text : {"", "\n", "{}", "not json", "-----BEGIN PRIVATE KEY-----"}) {
    write_plain(folder / "keys", text);
    auto keyset = read_keyset_file(folder / "keys");
    CHECK_FAULT(keyset, Fault::bad_input);
    CHECK(keyset.error().what.find(folder / "keys") != std::string::npos);
  }
}

CALINT_TEST(a_relative_path_is_written_in_the_current_folder) {
  const Folder folder;
  CHECK_EQUAL(chdir(folder.path().c_str()), 0);
  CHECK_OK(write_keyset_file("keys", new_keyset()));
  CHECK_OK(read_keyset_file(folder / "keys"));
  CHECK_EQUAL(chdir("/"), 0);
}

CALINT_TEST(writing_through_a_link_replaces_its_target) {
  const Folder folder;
  fs::create_directory(folder / "elsewhere");
  CHECK_OK(write_keyset_file(folder / "elsewhere/keys", new_keyset()));
  fs::create_symlink("elsewhere/keys", folder / "keys");
  const Keyset second = new_keyset();
  CHECK_OK(write_keyset_file(folder / "keys", second));
  CHECK(S_ISLNK(mode_of(folder / "keys")));
  CHECK_EQUAL(read_keyset_file(folder / "elsewhere/keys")->primary().id, second.primary().id);
}

CALINT_TEST(a_failed_write_keeps_the_old_file_and_leaves_nothing_else) {
  const Folder folder;
  CHECK_OK(write_keyset_file(folder / "keys", new_keyset()));
  const std::string before = read_all(folder / "keys");
  signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  getrlimit(RLIMIT_FSIZE, &limit);
  const rlimit small{.rlim_cur = 100, .rlim_max = limit.rlim_max};
  CHECK_EQUAL(setrlimit(RLIMIT_FSIZE, &small), 0);
  const Status written = write_keyset_file(folder / "keys", new_keyset());
  setrlimit(RLIMIT_FSIZE, &limit);
  CHECK_FAULT(written, Fault::operator_fault);
  CHECK_EQUAL(read_all(folder / "keys"), before);
  CHECK_EQUAL(folder.entries(), 1);
}

CALINT_TEST(a_path_that_cannot_be_written_is_the_operators_fault) {
  const Folder folder;
  CHECK_FAULT(write_keyset_file(folder / "no/such/keys", new_keyset()), Fault::operator_fault);
  CHECK_FAULT(write_keyset_file(folder.path() + "/.", new_keyset()), Fault::operator_fault);
  fs::create_directory(folder / "keys");
  CHECK_FAULT(write_keyset_file(folder / "keys", new_keyset()), Fault::operator_fault);
  CHECK_EQUAL(folder.entries(), 1);
}

CALINT_TEST(readers_see_a_whole_keyset_while_it_is_replaced) {
  const Folder folder;
  const std::string path = folder / "keys";
  Keyset keyset = new_keyset();
  CHECK_OK(write_keyset_file(path, keyset));
  std::atomic<bool> done = false, whole = true;
  std::thread reader([&] {
    while (!done)
      if (!read_keyset_file(path).ok()) whole = false;
  });
  for (int i = 0; i < 50; ++i) {
    if (keyset.add(SystemClock().now()).ok() && !write_keyset_file(path, keyset).ok()) whole = false;
  }
  done = true;
  reader.join();
  CHECK(whole);
  CHECK_EQUAL(read_keyset_file(path)->keys().size(), 51);
  CHECK_EQUAL(folder.entries(), 1);
}

CALINT_TEST(a_keyset_of_another_user_is_refused) {
  if (geteuid() != 0) return;
  const Folder folder;
  CHECK_OK(write_keyset_file(folder / "keys", new_keyset()));
  CHECK_EQUAL(chown((folder / "keys").c_str(), 65534, 65534), 0);
  check_operator_fault(folder / "keys");
}
