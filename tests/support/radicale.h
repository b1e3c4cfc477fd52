// A real CalDAV server on a port of 127.0.0.1, with a folder of its own. Whoever signs in is who they say.
#pragma once

#include <sys/types.h>

#include <string>

namespace calint::test {

class Radicale {
 public:
  // Returns once it answers.
  Radicale();
  ~Radicale();
  Radicale(const Radicale&) = delete;
  Radicale& operator=(const Radicale&) = delete;

  std::string url() const { return url_; }  // without a slash at the end

 private:
  std::string folder_;
  std::string url_;
  pid_t server_ = -1;
};

}  // namespace calint::test
