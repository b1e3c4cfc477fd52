// The files that the directives name, for "apachectl configtest".
#pragma once

#include <vector>

#include "httpd/problem.h"
#include "runtime/settings.h"

namespace calint::httpd {

// What is missing or has the wrong owner or mode. Only looks: reads no key and no secret, and runs nothing.
// A configtest may run as another user than root; a file that this user can't look at is a warning.
std::vector<Problem> find_file_problems(const Settings& settings);

}  // namespace calint::httpd
