#include "runtime/service_keys.h"

#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/replaced_file.h"
#include "support/check.h"

using namespace calint;

namespace {

class Lines final : public LogSink {
 public:
  void write(LogLevel, std::string_view tag, std::string_view text) override {
    told.append(tag).append(": ").append(text).append("\n");
  }
  std::string told;
};

class KeyFile {
 public:
  KeyFile() { CHECK(mkdtemp(folder_.data()) != nullptr); }
  ~KeyFile() {
    unlink(path().c_str());
    rmdir(folder_.c_str());
  }
  std::string path() const { return folder_ + "/keys"; }
  void write(const std::string& text, mode_t mode = 0644) const { CHECK_OK(replace_file(path(), text, mode)); }

 private:
  std::string folder_ = "/tmp/calint_keys_XXXXXX";
};

std::string line_of(const std::string& name, const Secret& secret, const char* rest = "1 availability -") {
  return name + " " + digest_of_service_key(secret) + " " + rest + "\n";
}

void wait_for_a_look() { std::this_thread::sleep_for(ServiceKeys::kLookEvery + std::chrono::milliseconds(50)); }

}  // namespace

CALINT_TEST(a_key_of_the_file_is_found_and_no_other) {
  KeyFile file;
  const Secret a = make_service_key(), b = make_service_key();
  file.write(line_of("a", a) + line_of("b", b, "* changes 2027-01-01T00:00:00Z"));
  ServiceKeys keys(file.path());
  Lines log;
  auto found = keys.find(b, Instant(), log);
  CHECK_OK(found);
  CHECK_EQUAL(found->name, "b");
  CHECK_FAULT(keys.find(b, Instant::max(), log), Fault::unauthenticated);
  CHECK_FAULT(keys.find(make_service_key(), Instant(), log), Fault::unauthenticated);
  CHECK_FAULT(keys.find(Secret(digest_of_service_key(a)), Instant(), log), Fault::unauthenticated);
  CHECK_EQUAL(log.told, "");
}

CALINT_TEST(without_a_file_nobody_is_let_in) {
  Lines log;
  CHECK_FAULT(ServiceKeys("").find(make_service_key(), Instant(), log), Fault::unauthenticated);
  CHECK_FAULT(ServiceKeys("/tmp/no/such/file").find(make_service_key(), Instant(), log), Fault::operator_fault);
}

CALINT_TEST(a_file_that_others_may_write_lets_nobody_in) {
  KeyFile file;
  const Secret key = make_service_key();
  file.write(line_of("a", key), 0664);
  Lines log;
  CHECK_FAULT(ServiceKeys(file.path()).find(key, Instant(), log), Fault::operator_fault);
}

CALINT_TEST(a_change_counts_and_a_wrong_line_is_told_once) {
  KeyFile file;
  const Secret a = make_service_key(), b = make_service_key();
  file.write(line_of("a", a));
  ServiceKeys keys(file.path());
  Lines log;
  CHECK_OK(keys.find(a, Instant(), log));
  file.write("nonsense\n" + line_of("b", b));
  wait_for_a_look();
  CHECK_OK(keys.find(b, Instant(), log));
  CHECK_FAULT(keys.find(a, Instant(), log), Fault::unauthenticated);
  const std::string told = log.told;
  CHECK(told.find("line 1 of ") != std::string::npos);
  wait_for_a_look();
  CHECK_OK(keys.find(b, Instant(), log));
  CHECK_EQUAL(log.told, told);
  unlink(file.path().c_str());
  wait_for_a_look();
  CHECK_FAULT(keys.find(b, Instant(), log), Fault::operator_fault);
}
