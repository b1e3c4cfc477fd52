#include "support/server_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

namespace calint::test {
namespace {

const passwd* server_user() {
  if (geteuid() != 0) return nullptr;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr) {
    std::fprintf(stderr, "tests that run as root need the user postgres\n");
    std::abort();
  }
  return user;
}

[[noreturn]] void become(const passwd* user, const std::vector<std::string>& command, const std::string& log) {
  if (user != nullptr && (setgid(user->pw_gid) != 0 || initgroups(user->pw_name, user->pw_gid) != 0 ||
                          setuid(user->pw_uid) != 0)) {
    _exit(126);
  }
  // After setuid, which clears it.
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  setsid();
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int input = open("/dev/null", O_RDONLY);
  if (output < 0 || chdir("/") != 0) _exit(126);
  dup2(input, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

pid_t start_server(const std::vector<std::string>& command, const std::string& log) {
  const passwd* user = server_user();
  const pid_t pid = fork();
  if (pid < 0) std::abort();
  if (pid == 0) become(user, command, log);
  return pid;
}

void end_server(pid_t pid, int signal) {
  kill(pid, signal);
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {}
}

void give_to_server(const std::string& path) {
  const passwd* user = server_user();
  if (user != nullptr && chown(path.c_str(), user->pw_uid, user->pw_gid) != 0) std::abort();
}

}  // namespace calint::test
