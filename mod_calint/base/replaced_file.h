// A file that is replaced as a whole: whoever reads it finds the bytes before or the new ones, also after a crash.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace calint {

// Where `path` is a link, the file behind it is replaced and the link stays. The file belongs to the user of this
// process and has this mode, whatever the umask. operator_fault where that can't be done; then the former file is
// whole.
Status replace_file(const std::string& path, std::string_view bytes, mode_t mode);

}  // namespace calint
