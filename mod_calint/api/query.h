// The parameters of a call's URL, read strictly.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"
#include "base/encoding.h"
#include "base/request_json.h"
#include "base/secret.h"

namespace calint::api {

// Each parameter is asked for by name; what is wrong is a problem at "/name". An empty value isn't one that was left
// out.
class Query {
 public:
  // What can't be read at all is a problem, and has no parameters.
  Query(const Secret& raw, Problems& problems);

  bool has(const char* name) const { return count_field(fields_, name) > 0; }

  // nullopt where it wasn't sent, or sent twice.
  std::optional<std::string> text(const char* name, size_t most_bytes = 255);
  std::vector<std::string> texts(const char* name, size_t most, size_t most_bytes = 255);
  std::optional<std::chrono::sys_seconds> time(const char* name);
  std::optional<int64_t> number(const char* name, int64_t least, int64_t most);
  // True for "1" alone.
  bool flag(const char* name);

  // A problem for each parameter that nobody has asked for. Call it last.
  void refuse_others() const;
  Problems& problems() const { return problems_; }

 private:
  FormFields fields_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace calint::api
