#include "pages/language.h"

#include "page_samples.h"
#include "pages/civil_time.h"
#include "pages/texts.h"
#include "support/check.h"

using namespace calint;
using namespace calint::pages;
using namespace calint::test;
using namespace std::chrono_literals;

namespace {

// 24 November 2026, 13:05:09.75 UTC.
constexpr Instant kNow{1795525509s + 750ms};

const Language& english() { return shipped().language(); }

// A language that says one thing.
Language language(const std::string& tag, const std::string& id, const std::string& pattern) {
  Texts texts;
  texts.emplace(id, Message::parse(pattern).value());
  return Language::make(tag, std::move(texts)).value();
}

std::string reload(const Language& said, int seconds) { return said.say(texts::message::reload{.seconds = seconds}); }

}  // namespace

CALINT_TEST(less_than_a_minute_is_just_now) {
  for (auto apart : {0us, 1us, 59'999'999us}) {
    CHECK_EQUAL(english().relative_time(kNow - apart, kNow), "just now");
    CHECK_EQUAL(english().relative_time(kNow + apart, kNow), "just now");
  }
}

CALINT_TEST(the_past_is_told_in_the_largest_unit) {
  CHECK_EQUAL(english().relative_time(kNow - 60s, kNow), "1 minute ago");
  CHECK_EQUAL(english().relative_time(kNow - 5min, kNow), "5 minutes ago");
  CHECK_EQUAL(english().relative_time(kNow - 60min + 1us, kNow), "59 minutes ago");
  CHECK_EQUAL(english().relative_time(kNow - 1h, kNow), "1 hour ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h + 1us, kNow), "23 hours ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h, kNow), "1 day ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h * 3, kNow), "3 days ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h * 30, kNow), "1 month ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h * 364, kNow), "12 months ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h * 365, kNow), "1 year ago");
  CHECK_EQUAL(english().relative_time(kNow - 24h * 900, kNow), "2 years ago");
}

CALINT_TEST(the_future_is_told_with_in) {
  CHECK_EQUAL(english().relative_time(kNow + 1min, kNow), "in 1 minute");
  CHECK_EQUAL(english().relative_time(kNow + 5min, kNow), "in 5 minutes");
  CHECK_EQUAL(english().relative_time(kNow + 24h * 2, kNow), "in 2 days");
}

CALINT_TEST(a_time_is_shown_in_its_zone_summer_and_winter) {
  CHECK_EQUAL(english().date_time(kNow, "Europe/Berlin"), "24 November 2026, 14:05 (Europe/Berlin)");
  CHECK_EQUAL(english().date_time(kNow - 24h * 150, "Europe/Berlin"), "27 June 2026, 15:05 (Europe/Berlin)");
  CHECK_EQUAL(english().date_time(kNow, "Asia/Kolkata"), "24 November 2026, 18:35 (Asia/Kolkata)");
  CHECK_EQUAL(english().date_time(kNow, "Pacific/Auckland"), "25 November 2026, 02:05 (Pacific/Auckland)");
  CHECK_EQUAL(english().date_time(kNow, "UTC"), "24 November 2026, 13:05 (UTC)");
}

CALINT_TEST(an_unknown_zone_is_utc) {
  for (const char* zone : {"", "Mars/Olympus", "../../../etc/passwd", "europe/berlin", "CET-1CEST", "/etc/localtime"})
    CHECK_EQUAL(english().date_time(kNow, zone), "24 November 2026, 13:05 (UTC)");
}

CALINT_TEST(iso_text_is_rfc_3339_in_whole_seconds) {
  CHECK_EQUAL(iso_text(kNow), "2026-11-24T13:05:09Z");
  CHECK_EQUAL(iso_text(Instant{}), "1970-01-01T00:00:00Z");
  CHECK_EQUAL(iso_text(Instant{-1us}), "1969-12-31T23:59:59Z");
}

CALINT_TEST(a_language_has_its_own_plural_forms) {
  CHECK_EQUAL(reload(english(), 1), "This page tries again by itself in 1 second.");
  CHECK_EQUAL(reload(english(), 5), "This page tries again by itself in 5 seconds.");
  const Language polish =
      language("pl", "message.reload", "{seconds, plural, one {# a} few {# b} many {# c} other {# d}}");
  for (const auto& [seconds, said] : {std::pair{1, "1 a"}, {3, "3 b"}, {5, "5 c"}, {22, "22 b"}, {1000, "1000 c"}})
    CHECK_EQUAL(reload(polish, seconds), said);
}

CALINT_TEST(a_number_may_have_a_form_of_its_own) {
  const auto said = [](int minutes) {
    return english().say(texts::provider::password::too_often{ProviderId::apple, minutes});
  };
  CHECK(contains(said(1), "please wait a minute before"));
  CHECK(contains(said(2), "please wait 2 minutes before"));
}

CALINT_TEST(counts_have_the_languages_digits) {
  CHECK_EQUAL(reload(language("ar", "message.reload", "{seconds, plural, other {#}}"), 42), "\u0664\u0662");
  CHECK_EQUAL(reload(language("de", "message.reload", "{seconds, number}"), 12345), "12345");
}

CALINT_TEST(months_and_spans_are_the_languages) {
  const Language german = language("de", "time.moment", "{day}. {month} {year}, {hour}:{minute} Uhr ({zone})");
  CHECK_EQUAL(german.date_time(kNow - 24h * 270, "Europe/Berlin"), "27. Februar 2026, 14:05 Uhr (Europe/Berlin)");
  CHECK_EQUAL(german.relative_time(kNow - 5min, kNow), "vor 5 Minuten");
  CHECK_EQUAL(german.relative_time(kNow + 24h * 2, kNow), "in 2 Tagen");
}

CALINT_TEST(a_language_has_a_direction) {
  CHECK_EQUAL(english().direction(), "ltr");
  for (const char* tag : {"ar", "he", "fa", "ur"}) CHECK_EQUAL(language(tag, "link.settings", "x").direction(), "rtl");
  for (const char* tag : {"de", "pt-BR", "zh-Hant"})
    CHECK_EQUAL(language(tag, "link.settings", "x").direction(), "ltr");
}

CALINT_TEST(what_is_no_language_is_refused) {
  for (const char* tag : {"", "e", "english language", "de_DE", "../en", "und", "123"})
    CHECK_FAULT(Language::make(tag, {}), Fault::bad_input);
}

CALINT_TEST(a_text_that_is_not_there_is_a_bug) {
  bool thrown = false;
  try {
    language("en", "link.settings", "x").say(texts::link::organization{});
  } catch (const std::logic_error&) {
    thrown = true;
  }
  CHECK(thrown);
}

// A provider that takes a password has words for everything that can be wrong with it; each has a name.
CALINT_TEST(every_provider_has_its_words) {
  for (const ProviderFacts& one : kProviders) {
    CHECK_EQUAL(english().say(texts::provider::name{one.id}), one.display_name);
    CHECK(contains(english().say(texts::flow::unknown_provider::text{}), one.name));
    if (one.has_oauth) continue;
    namespace account = texts::provider::account;
    namespace password = texts::provider::password;
    for (const pages::Text& text :
         {pages::Text(account::missing{one.id}), pages::Text(account::too_long{one.id}),
          pages::Text(account::malformed{one.id}), pages::Text(password::missing{one.id}),
          pages::Text(password::too_long{one.id}), pages::Text(password::malformed{one.id}),
          pages::Text(password::refused{one.id}), pages::Text(password::too_often{one.id, 3})})
      CHECK(english().say(text).ends_with("."));
  }
}
