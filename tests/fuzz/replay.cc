// Runs a target over its corpus without libFuzzer: every file as it is, then changed in ways that come out the same
// on every run and every machine.
//
//   fuzz_replay TARGET FOLDER CHANGES
//
// Where the target ends the program, this says which input did it and leaves it in the file "crash-input".
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "replay.h"
#include "support/fail.h"
#include "support/random_bytes.h"

namespace {

using namespace std::string_view_literals;
using calint::test::RandomBytes;
using calint::test::require;

struct File {
  std::string name;
  std::string bytes;
};

// What is being run, for the signal handler.
std::string current_input;
char current_name[512];

extern "C" void leave_input(int number) {
  const int file = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC, 0644);
  [[maybe_unused]] auto written = write(file, current_input.data(), current_input.size());
  written = write(STDERR_FILENO, current_name, std::char_traits<char>::length(current_name));
  std::signal(number, SIG_DFL);
  std::raise(number);
}

std::vector<File> read_corpus(const char* folder) {
  std::vector<File> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream stream(entry.path(), std::ios::binary);
    require(stream.good(), entry.path().c_str());
    files.push_back({entry.path().filename(), {std::istreambuf_iterator<char>(stream), {}}});
  }
  require(!files.empty(), folder);
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.name < b.name; });
  return files;
}

// Bytes that decide something in some parser.
constexpr std::string_view kTelling = "\0\x01\n\r\t \"%&+,-./0:;<=>?@[\\]^_{|}~\x7f\x80\xc0\xed\xff"sv;

void change(std::string& bytes, const std::vector<File>& files, RandomBytes& random) {
  const size_t at = random.below(bytes.size() + 1);
  const size_t count = random.below(std::min<size_t>(bytes.size() - at, 32) + 1);
  const std::string& other = files[random.below(files.size())].bytes;
  switch (random.below(6)) {
    case 0: bytes.resize(at); break;
    case 1: bytes.erase(at, count); break;
    case 2: bytes.insert(at, bytes.substr(at, count)); break;
    case 3: bytes.insert(at, 1, kTelling[random.below(kTelling.size())]); break;
    case 4: bytes = bytes.substr(0, at) + other.substr(random.below(other.size() + 1)); break;
    default:
      if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8)));
  }
}

using Run = int (*)(const uint8_t* data, size_t size);

Run run_of(std::string_view target) {
  for (const calint::fuzz::Target& one : calint::fuzz::targets())
    if (one.name == target) return one.run;
  require(false, "target of this name");
  return nullptr;
}

void run(Run target, const File& file, size_t number, std::string bytes) {
  std::snprintf(current_name, sizeof current_name, "%s, change %zu\n", file.name.c_str(), number);
  current_input = std::move(bytes);
  target(reinterpret_cast<const uint8_t*>(current_input.data()), current_input.size());
}

}  // namespace

int main(int argc, char** argv) {
  require(argc == 4, "sense of the arguments: fuzz_replay TARGET FOLDER CHANGES");
  const Run target = run_of(argv[1]);
  const std::vector<File> files = read_corpus(argv[2]);
  const size_t changes = std::strtoul(argv[3], nullptr, 10);
  for (int number : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, leave_input);
  for (size_t i = 0; i < files.size(); ++i) {
    run(target, files[i], 0, files[i].bytes);
    RandomBytes random(i);
    for (size_t number = 1; number <= changes; ++number) {
      std::string bytes = files[i].bytes;
      for (size_t times = random.below(4) + 1; times > 0; --times) change(bytes, files, random);
      run(target, files[i], number, std::move(bytes));
    }
  }
  std::printf("%zu files, each as it is and with %zu changes\n", files.size(), changes);
}
