#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "folder.h"
#include "page_samples.h"
#include "pages/renderer.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;

namespace {

// What make() says about a settings template of this text.
std::string fault_of(std::string_view text) {
  Folder folder;
  folder.write("settings.mustache", text);
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  ck_assert_msg(contains(made.error().what, folder.file("settings.mustache")), "%s", made.error().what.c_str());
  return made.error().what;
}

}  // namespace

CALINT_TEST(an_empty_directory_replaces_nothing) {
  Folder folder;
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  CHECK_EQUAL((*made)->in("").settings(connected_page()), shipped().settings(connected_page()));
}

CALINT_TEST(a_file_in_the_directory_replaces_the_page_of_its_name_and_no_other) {
  Folder folder;
  folder.write("message.mustache", "Ours: {{heading}} {{#actions}}[{{label}}]{{/actions}}");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  MessagePage page = message_page();
  page.title = "<Oops>";
  CHECK_EQUAL((*made)->in("").message(page), "Ours: &lt;Oops&gt; [Back to your calendar]");
  CHECK_EQUAL((*made)->in("").settings(connected_page()), shipped().settings(connected_page()));
}

CALINT_TEST(a_part_can_be_replaced_and_parts_can_be_added) {
  Folder folder;
  folder.write("foot.mustache", "</main>{{> company}}</div></body></html>");
  folder.write("company.mustache", "<footer>Acme {{csrf}}</footer>");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  CHECK(contains((*made)->in("").settings(connected_page()), "</main><footer>Acme csrf-value</footer></div>"));
  CHECK(contains((*made)->in("").message(message_page()), "<footer>Acme </footer>"));
}

CALINT_TEST(no_template_can_leave_out_the_escaping) {
  Folder folder;
  folder.write("message.mustache", "{{{heading}}}{{& heading}}{{heading}}");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  MessagePage page = message_page();
  page.title = "<b>";
  CHECK_EQUAL((*made)->in("").message(page), "&lt;b&gt;&lt;b&gt;&lt;b&gt;");
}

CALINT_TEST(a_directory_that_is_not_there_is_refused) {
  Folder folder;
  auto made = Pages::make(folder.file("missing"));
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, folder.file("missing")));
  folder.write("file", "");
  CHECK_FAULT(Pages::make(folder.file("file")), Fault::bad_input);
}

CALINT_TEST(a_file_that_does_not_parse_is_refused_with_the_reason) {
  CHECK(contains(fault_of("{{#connected}}no end"), "Unclosed section \"connected\""));
  CHECK(contains(fault_of("{{/connected}}"), "Unopened section \"connected\""));
  CHECK(contains(fault_of("{{#a}}{{#b}}{{/a}}{{/b}}"), "Unclosed section"));
  CHECK(contains(fault_of("{{title"), "Unclosed tag"));
}

CALINT_TEST(a_part_that_is_missing_or_contains_itself_is_refused) {
  CHECK(contains(fault_of("{{> nowhere}}"), "nowhere"));
  CHECK(contains(fault_of("{{> settings }}"), "contains itself"));
  CHECK(contains(fault_of("{{> ../../etc/passwd}}"), "is not the name of a part"));
  CHECK(contains(fault_of("{{>}}"), "is not the name of a part"));
}

CALINT_TEST(a_fault_in_a_part_names_the_part) {
  Folder folder;
  folder.write("head.mustache", "{{#open}}");
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, folder.file("head.mustache")));
}

CALINT_TEST(other_delimiters_are_refused) { CHECK(contains(fault_of("{{=<% %>=}}<%> head %>"), "delimiters")); }

CALINT_TEST(what_is_no_readable_file_is_refused) {
  Folder folder;
  std::filesystem::create_directory(folder.file("switch.mustache"));
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, folder.file("switch.mustache") + ": is not a regular file"));
}

CALINT_TEST(a_dangling_link_is_refused_and_not_passed_over) {
  Folder folder;
  std::filesystem::create_symlink("nowhere", folder.file("message.mustache"));
  CHECK_FAULT(Pages::make(folder.path()), Fault::bad_input);
}

CALINT_TEST(a_file_that_may_not_be_read_is_refused) {
  if (geteuid() == 0) return;  // root reads everything
  Folder folder;
  folder.write("message.mustache", "secret");
  chmod(folder.file("message.mustache").c_str(), 0);
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, "Permission denied"));
}

CALINT_TEST(sizes_are_bounded) {
  CHECK(contains(fault_of(std::string(300 * 1024, 'x')), "larger than"));
  Folder folder;
  for (int depth = 0; depth < 9; ++depth) {
    std::string tenfold;
    for (int i = 0; i < 10; ++i) tenfold += fmt::format("{{{{> level{}}}}}", depth + 1);
    folder.write(fmt::format("level{}.mustache", depth), tenfold);
  }
  folder.write("level9.mustache", "x");
  folder.write("settings.mustache", "{{> level0}}");
  auto made = Pages::make(folder.path());
  CHECK_FAULT(made, Fault::bad_input);
  CHECK(contains(made.error().what, "more than 200 parts"));
}

CALINT_TEST(threads_render_one_page_at_once) {
  const std::string settings = shipped().settings(connected_page());
  const std::string message = shipped().message(message_page());
  std::vector<std::thread> threads;
  std::array<bool, 4> same{};
  for (bool& mine : same)
    threads.emplace_back([&mine, &settings, &message] {
      mine = true;
      for (int i = 0; i < 50; ++i)
        mine = mine && shipped().settings(connected_page()) == settings && shipped().message(message_page()) == message;
    });
  for (std::thread& thread : threads) thread.join();
  for (bool mine : same) CHECK(mine);
}
