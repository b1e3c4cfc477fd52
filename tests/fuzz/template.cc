// pages/template_source and renderer: a page template of an administrator, as the file message.mustache.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fuzz.h"
#include "pages/pages.h"
#include "pages/renderer.h"
#include "pages/template_source.h"
#include "support/fail.h"

using namespace calint;

namespace {

constexpr std::string_view kHostile = "<script>\"'";

// A folder that goes with the process.
class Folder {
 public:
  // The other pages are as short as can be: every input reads them all.
  Folder() {
    test::require(mkdtemp(path_) != nullptr, "a folder");
    for (const char* page : {"settings", "disconnect", "switch"}) write(page, "x");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_; }
  void write(const std::string& page, std::string_view text) const {
    std::ofstream(path() + "/" + page + ".mustache", std::ios::binary | std::ios::trunc) << text;
  }

 private:
  char path_[32] = "/tmp/calint-fuzz-XXXXXX";
};

// How often the hostile text stands in the page when `text` is put into every place.
size_t hostile_parts(const pages::Renderer& renderer, const std::string& text) {
  const std::string page = renderer.message({.title = text,
                                             .text = text,
                                             .request_id = text,
                                             .actions = {{.url = text, .label = text}, {.url = "/", .label = text}}});
  size_t count = 0;
  for (size_t at = page.find(kHostile); at != std::string::npos; at = page.find(kHostile, at + 1)) ++count;
  return count;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Folder folder;
  const std::string_view input = fuzz::text_of(data, size);
  folder.write("message", input);
  static const pages::Language english = pages::Language::english();
  const auto page = pages::load_template(folder.path(), english, "message");
  const auto renderer = pages::Pages::make(folder.path());
  MUST(page.ok() == renderer.ok());
  if (!page) {
    // Names the file, says why, and takes no more of it than a name.
    MUST(page.error().fault == Fault::bad_input && page.error().what.starts_with("template "));
    MUST(page.error().what.size() <= 300 + input.size() && page.error().what == renderer.error().what);
    return 0;
  }
  // Values are escaped before any template sees them: only the template itself can bring such text into a page.
  MUST(hostile_parts((*renderer)->in(""), std::string(kHostile)) == hostile_parts((*renderer)->in(""), "x"));
  return 0;
}
