// What an administrator replaces and adds.
#include <filesystem>
#include <thread>

#include "folder.h"
#include "page_samples.h"
#include "pages/notices.h"
#include "pages/renderer.h"
#include "pages/texts.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;

namespace {

// What make() says about texts/en.json with this in it.
std::string fault_of(std::string_view json) {
  Folder folder;
  folder.write("texts/en.json", json);
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  const std::string start = "texts " + folder.file("texts/en.json") + ": ";
  CHECK(made.error().what.starts_with(start));
  return made.error().what.substr(start.size());
}

std::string saved(const Renderer& pages) { return pages.language().say(texts::notice::saved{}); }
std::string denied(const Renderer& pages) { return pages.language().say(texts::notice::denied{}); }

}  // namespace

CALINT_TEST(a_file_of_texts_replaces_those_that_it_has) {
  Folder folder;
  folder.write("texts/en.json", R"({"notice.saved": "Done.", "notice.connected": "Hello, {provider}!"})");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  const Renderer& pages = (*made)->in("");
  CHECK_EQUAL(saved(pages), "Done.");
  CHECK_EQUAL(banner_of(pages.language(), Notice::connected, "X").text, "Hello, X!");
  CHECK_EQUAL(denied(pages), denied(shipped()));
}

CALINT_TEST(a_replaced_text_is_escaped_once) {
  Folder folder;
  folder.write("texts/en.json", R"({"connection.connected": "<b>{provider}</b> & '{'{csrf}'}'"})");
  folder.write("texts/en.json", R"({"connection.connected": "<b>{provider}</b> & co"})");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  SettingsPage page = connected_page();
  page.connected->provider_name = "A & <i>";
  const std::string html = (*made)->in("").settings(page);
  CHECK(contains(html, "&lt;b&gt;A &amp; &lt;i&gt;&lt;/b&gt; &amp; co</h2>"));
  CHECK(!contains(html, "&amp;amp;") && !contains(html, "&amp;lt;"));
}

CALINT_TEST(a_broken_file_of_texts_is_refused_with_the_reason) {
  CHECK(contains(fault_of("{\n\"notice.saved\": \"x\"\n"), "line 3: "));
  CHECK(contains(fault_of("{\"notice.saved\": \"caf\xe9\"}"), "decode byte 0xe9"));
  CHECK_EQUAL(fault_of("[]"), "isn't a JSON object");
  CHECK(contains(fault_of(""), "line 1: "));
  CHECK(contains(fault_of(R"({"notice.saved": "x", "notice.saved": "y"})"), "duplicate"));
  CHECK_EQUAL(fault_of(R"({"notice.svaed": "x"})"), "there is no text \"notice.svaed\"");
  CHECK_EQUAL(fault_of(R"({"notice.saved": 1})"), "\"notice.saved\" isn't a string");
  CHECK_EQUAL(fault_of(R"({"notice.saved": " "})"), "\"notice.saved\" says nothing");
  CHECK_EQUAL(fault_of(R"({"notice.connected": "Connected."})"),
              "\"notice.connected\" takes {provider}, and has no argument");
  CHECK_EQUAL(fault_of(R"({"notice.connected": "To {provider} by {name}."})"),
              "\"notice.connected\" takes {provider}, and has {name}, {provider}");
  CHECK_EQUAL(fault_of(R"({"notice.connected": "{provider, plural, other {x}}"})"),
              "\"notice.connected\" takes {provider}, and has {provider, number}");
  CHECK_EQUAL(fault_of(R"({"notice.connected": "To {provider"})"),
              "\"notice.connected\" can't be read at \"To {provider\"");
  CHECK(contains(fault_of("{\"notice.saved\": \"" + std::string(5000, 'x') + "\"}"), "longer than 4096 bytes"));
  CHECK(contains(fault_of(std::string(300 * 1024, ' ')), "is larger than"));
}

CALINT_TEST(a_file_that_can_not_be_read_is_refused) {
  Folder folder;
  std::filesystem::create_directories(folder.file("texts/en.json"));
  CHECK_FAULT(Pages::make(folder.path()), Fault::bad_input);
  Folder dangling;
  std::filesystem::create_directory(dangling.file("texts"));
  std::filesystem::create_symlink("nowhere", dangling.file("texts/en.json"));
  CHECK_FAULT(Pages::make(dangling.path()), Fault::bad_input);
  Folder other;
  other.write("texts", "a file");
  CHECK_FAULT(Pages::make(other.path()), Fault::bad_input);
}

CALINT_TEST(a_file_is_called_after_its_language) {
  Folder folder;
  folder.write("texts/no language.json", R"({"notice.saved": "x"})");
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, "'no language' is no language"));
}

CALINT_TEST(one_file_of_texts_adds_a_language) {
  Folder folder;
  folder.write("texts/de.json", R"({"notice.saved": "Gespeichert.", "connection.none": "Nicht verbunden"})");
  folder.write("texts/ar.json", R"({"connection.none": "x"})");
  folder.write("texts/README", "No texts.");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  const Pages& pages = **made;
  for (const char* wish : {"de", "de-AT", "fr;q=0.9, de;q=0.8, en;q=0.1", "DE-de, *"})
    CHECK_EQUAL(saved(pages.in(wish)), "Gespeichert.");
  for (const char* wish : {"", "fr", "en-GB, de;q=0.5", "*", ";;;q=", "de;q=x", "\xff\xfe", "de;q=0, en"})
    CHECK_EQUAL(saved(pages.in(wish)), saved(shipped()));
  CHECK_EQUAL(saved(pages.in(std::string(100'000, 'd'))), saved(shipped()));
  // What it lacks is said in English.
  CHECK_EQUAL(denied(pages.in("de")), denied(shipped()));
  CHECK(contains(pages.in("de").settings(not_connected_page()), "<html lang=\"de\" dir=\"ltr\">"));
  CHECK(contains(pages.in("de").settings(not_connected_page()), "<title>Nicht verbunden - "));
  CHECK(contains(pages.in("ar").settings(not_connected_page()), "<html lang=\"ar\" dir=\"rtl\">"));
}

CALINT_TEST(threads_say_texts_at_once) {
  const Language& language = shipped().language();
  const Instant now{std::chrono::hours(500'000)};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n) {
        language.say(texts::message::reload{.seconds = n});
        language.relative_time(now - std::chrono::minutes(n), now);
        language.date_time(now, "Europe/Berlin");
      }
    });
  for (std::thread& thread : threads) thread.join();
}
