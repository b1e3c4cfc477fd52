#include "pages/message.h"

#include "page_samples.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;

namespace {

std::string said(const std::string& pattern, std::vector<Argument> arguments = {}) {
  static const Locale locale = Locale::make("en").value();
  auto message = Message::parse(pattern);
  CHECK_OK(message);
  return message->say(arguments, locale);
}

}  // namespace

CALINT_TEST(arguments_stand_where_their_names_do) {
  CHECK_EQUAL(said("{b} and {a}, {a}", {{"a", "x"}, {"b", "y"}}), "y and x, x");
  CHECK_EQUAL(said("n\u00e4chste {a}", {{"a", "Woche \U0001f4c5"}}), "n\u00e4chste Woche \U0001f4c5");
}

CALINT_TEST(a_value_is_no_pattern) {
  CHECK_EQUAL(said("<{a}>", {{"a", "{b} # '' {0}"}}), "<{b} # '' {0}>");
}

CALINT_TEST(apostrophes_quote_braces_alone) {
  CHECK_EQUAL(said("can't '{'a'}' ''b''"), "can't {a} 'b'");
  CHECK_EQUAL(said("{n, plural, other {it's '#' #}}", {{"n", int64_t{3}}}), "it's # 3");
}

CALINT_TEST(counts_choose_and_words_choose) {
  const std::string pattern =
      "{n, plural, =0 {none} one {# of {kind, select, a {apple} other {pear}}} "
      "other {# {kind, select, a {apples} other {{n} pears}}}}";
  CHECK_EQUAL(said(pattern, {{"n", int64_t{0}}, {"kind", "a"}}), "none");
  CHECK_EQUAL(said(pattern, {{"n", int64_t{1}}, {"kind", "x"}}), "1 of pear");
  CHECK_EQUAL(said(pattern, {{"n", int64_t{2}}, {"kind", "x"}}), "2 2 pears");
  CHECK_EQUAL(said("{n, plural, other {{n}}} {n}", {{"n", int64_t{7}}}), "7 7");
}

CALINT_TEST(a_message_tells_what_it_takes) {
  const Message message =
      Message::parse("{who}: {n, plural, other {# {what, select, other {{n}}}}} {m, number}").value();
  const Parameters expected = {{"who", ParameterKind::words},
                               {"n", ParameterKind::count},
                               {"what", ParameterKind::words},
                               {"m", ParameterKind::count}};
  CHECK_EQUAL(message.parameters(), expected);
}

CALINT_TEST(what_is_no_message_of_ours_is_refused) {
  for (const char* pattern :
       {"{", "{a", "}{", "{a b}", "{n, plural, one {x}}", "{n, select, a {x}}", "{0}", "{n, date}",
        "{n, number, currency}", "{n, choice, 0#a|1#b}", "{n, selectordinal, other {#th}}",
        "{n, plural, offset:1 other {#}}", "{n, frobnicate}", "{n, plural, one {{x, date}} other {y}}"})
    CHECK_FAULT(Message::parse(pattern), Fault::bad_input);
}

CALINT_TEST(only_what_needs_no_value_has_parts) {
  const auto parts = Message::parse("Dear {name}, can't").value().parts();
  CHECK(parts);
  CHECK_EQUAL(parts->size(), 2);
  CHECK_EQUAL(parts->front().literal, "Dear ");
  CHECK_EQUAL(parts->front().argument, "name");
  CHECK_EQUAL(parts->back().literal, ", can't");
  for (const char* pattern : {"{n, number}", "{n, plural, other {x}}", "{a, select, other {x}}", "{n} {n, number}"})
    CHECK(!Message::parse(pattern).value().parts());
}
