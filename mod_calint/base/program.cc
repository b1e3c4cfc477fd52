#include "base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/clock.h"
#include "base/trusted_file.h"

namespace calint {
namespace {

Error fault(Fault fault, const std::string& path, const std::string& what) {
  return Error{.fault = fault, .what = path + ": " + what};
}

class Pipe {
 public:
  Pipe() { open_ = pipe2(ends_.data(), O_CLOEXEC) == 0; }
  ~Pipe() {
    close_write();
    if (open_) close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool open() const { return open_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_write() {
    if (open_ && ends_[1] >= 0) close(std::exchange(ends_[1], -1));
  }

 private:
  std::array<int, 2> ends_{-1, -1};
  bool open_ = false;
};

// Where the program finds itself. The kernel opens a script's interpreter with this name: it leads to the file that was
// checked, whatever has its path by then.
constexpr int kProgramFd = 3;
constexpr char kProgramPath[] = "/proc/self/fd/3";

// In a process group of its own, so that what it started can be killed with it; signals as at a login.
int spawn(const std::string& path, const Descriptor& program, int output, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, program.get(), kProgramFd);
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = path;
  std::array<char*, 2> arguments = {name.data(), nullptr};
  int failed = posix_spawn(&pid, kProgramPath, &actions, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

enum class Ending { closed, too_long, timed_out };

// Reads to the end of the output. The whole room is reserved, so that growing leaves no copies behind.
Ending read_all(int fd, std::string& output, Deadline deadline) {
  output.resize(kProgramOutput + 1);
  size_t used = 0;
  Ending ending = Ending::timed_out;
  while (!deadline.passed()) {
    pollfd wait{.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&wait, 1, static_cast<int>(deadline.remaining().count())) <= 0) continue;
    ssize_t got = read(fd, output.data() + used, output.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) used += static_cast<size_t>(got);
    if (got <= 0 || used > kProgramOutput) {
      ending = got <= 0 ? Ending::closed : Ending::too_long;
      break;
    }
  }
  output.resize(used);
  return ending;
}

// The wait status; -1 where another part of the process reaped it.
int reap(pid_t pid, Deadline deadline) {
  int status = -1;
  for (;;) {
    pid_t reaped = waitpid(pid, &status, WNOHANG);
    if (reaped == pid) return status;
    if (reaped < 0 && errno != EINTR) return -1;
    if (deadline.passed()) kill(-pid, SIGKILL);
    poll(nullptr, 0, 5);
  }
}

}  // namespace

Result<Secret> program_output(const std::string& path) {
  auto program = open_roots_file(path);
  if (!program) return std::move(program).error();
  Pipe pipe;
  if (!pipe.open()) return fault(Fault::unavailable, path, std::strerror(errno));
  pid_t pid = 0;
  if (int failed = spawn(path, *program, pipe.write_end(), pid); failed != 0)
    return fault(Fault::operator_fault, path, std::strerror(failed));
  pipe.close_write();

  const Deadline deadline = Deadline::in(kProgramTimeout);
  std::string text;
  const Ending ending = read_all(pipe.read_end(), text, deadline);
  if (ending != Ending::closed) kill(-pid, SIGKILL);
  const int status = reap(pid, deadline);
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  Secret output(std::move(text));
  if (ending == Ending::timed_out) return fault(Fault::unavailable, path, "was not done in time and was killed");
  if (ending == Ending::too_long) return fault(Fault::operator_fault, path, "wrote more than 64 kB");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fault(Fault::operator_fault, path, "failed; run it by hand as root");
  if (output.empty()) return fault(Fault::operator_fault, path, "wrote nothing");
  return output;
}

}  // namespace calint
