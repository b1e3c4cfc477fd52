#include "ctl/input_file.h"

#include <array>
#include <fstream>
#include <iostream>

#include "base/utf8.h"

namespace calint::ctl {
namespace {

constexpr size_t kLongestName = 1000;

}  // namespace

Result<std::string> read_input(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& stream = name == "-" ? std::cin : file;
  std::string text;
  std::array<char, 65536> part;
  while (stream && text.size() <= kLargestFile) {
    stream.read(part.data(), part.size());
    text.append(part.data(), static_cast<size_t>(stream.gcount()));
  }
  if (stream.bad() || (name != "-" && !file.is_open()))
    return Error{.fault = Fault::corrupt, .what = "can't read " + clean_utf8(name, kLongestName)};
  if (text.size() > kLargestFile)
    return Error{.fault = Fault::bad_input, .what = "larger than 64 MB: " + clean_utf8(name, kLongestName)};
  return text;
}

}  // namespace calint::ctl
