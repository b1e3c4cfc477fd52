// One calintctl at a time changes a file: the lock is on another one beside it, which stays.
#pragma once

#include <fcntl.h>
#include <sys/file.h>

#include <string>

#include "base/descriptor.h"
#include "base/result.h"

namespace calint::ctl {

class FileLock {
 public:
  explicit FileLock(const std::string& path)
      : descriptor_(::open((path + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {}

  // conflict where somebody else has it.
  Status take() const {
    if (descriptor_.open() && ::flock(descriptor_.get(), LOCK_EX | LOCK_NB) == 0) return {};
    return Error{.fault = Fault::conflict,
                 .what = "another calintctl is changing this file, or its folder can't be written"};
  }

 private:
  Descriptor descriptor_;
};

}  // namespace calint::ctl
