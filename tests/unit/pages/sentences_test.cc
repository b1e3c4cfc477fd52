#include "pages/sentences.h"

#include "folder.h"
#include "page_samples.h"
#include "pages/renderer.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;

namespace {

// With the texts "plain", "of" ({person}), "both" ({a}, {b}), "twice" ({a} two times) and "counted".
const Language& language() {
  static const Language made = [] {
    Texts texts;
    for (const auto& [id, pattern] : {std::pair{"plain", "It can't be \"<b>\" & '{{csrf}}'"},
                                      {"of", "Calendar of {person}!"},
                                      {"both", "{a} and {b}"},
                                      {"twice", "{a} {a}"},
                                      {"counted", "{n, plural, one {# day} other {# days}}"}})
      texts.emplace(id, Message::parse(pattern).value());
    return Language::make("en", std::move(texts)).value();
  }();
  return made;
}

std::string with(std::string_view text) { return with_sentences(text, language()).value(); }

void check_refused(std::string_view text, std::string_view why) {
  auto page = with_sentences(text, language());
  CHECK_FAULT(page, Fault::bad_input);
  ck_assert_msg(contains(page.error().what, why), "%s", page.error().what.c_str());
}

}  // namespace

CALINT_TEST(a_sentence_is_html_and_no_tag_begins_in_it) {
  CHECK_EQUAL(with("<p>{{@ plain}}</p>"), "<p>It can't be &quot;&lt;b&gt;&quot; &amp; &#123;&#123;csrf}}</p>");
}

CALINT_TEST(arguments_are_values_of_the_template) {
  CHECK_EQUAL(with("{{@of}} {{ @ both }}"), "Calendar of {{person}}! {{a}} and {{b}}");
}

CALINT_TEST(an_argument_may_have_markup_with_sentences_in_it) {
  CHECK_EQUAL(with("{{@ of person}}<b>{{name}}</b>{{/@}}"), "Calendar of <b>{{name}}</b>!");
  CHECK_EQUAL(with("{{@ both b}}{{@ of person}}{{#x}}y{{/x}}{{/@}}{{/@}}."), "{{a}} and Calendar of {{#x}}y{{/x}}!.");
}

CALINT_TEST(other_tags_stay) {
  for (const char* text : {"", "{{x}}", "{{! @ plain }}{{> part}}{{#a}}b{{/a}}", "{{{x}}}", "{{", "a}}b"})
    CHECK_EQUAL(with(text), text);
}

CALINT_TEST(a_sentence_that_can_not_stand_there_is_refused) {
  check_refused("{{@ nothing}}", "there is no text 'nothing'");
  check_refused("{{@}}", "there is no text ''");
  check_refused("{{@ counted}}", "depends on a value");
  check_refused("{{@ of nobody}}x{{/@}}", "'of' doesn't take {nobody}");
  check_refused("{{@ twice a}}x{{/@}}", "or not once");
  check_refused("{{@ of person}}x", "has no {{/@}}");
  check_refused("{{@ of}}x{{/@}}", "ends no sentence");
}

CALINT_TEST(a_template_of_an_administrator_names_texts_too) {
  Folder folder;
  folder.write("message.mustache", "{{@ page.heading}}: {{@ link.new_tab label}}<i>{{heading}}</i>{{/@}}");
  folder.write("texts/en.json", R"({"page.heading": "Dates & more"})");
  auto made = Pages::make(folder.path());
  CHECK_OK(made);
  MessagePage page = message_page();
  page.title = "<b>";
  CHECK_EQUAL((*made)->in("").message(page), "Dates &amp; more: <i>&lt;b&gt;</i> (opens a new tab)");
  folder.write("message.mustache", "{{@ page.haeding}}");
  auto refused = Pages::make(folder.path());
  CHECK_FAULT(refused, Fault::bad_input);
  CHECK_EQUAL(refused.error().what,
              "template " + folder.file("message.mustache") + ": there is no text 'page.haeding'");
}
