#include "pages/language.h"

#include <stdexcept>

#include "base/embedded.h"
#include "pages/civil_time.h"
#include "pages/texts.h"

namespace calint::pages {
namespace {

struct UnitLength {
  std::chrono::seconds length;
  TimeUnit unit;
};

constexpr UnitLength kUnits[] = {
    {std::chrono::hours(24 * 365), TimeUnit::year}, {std::chrono::hours(24 * 30), TimeUnit::month},
    {std::chrono::hours(24), TimeUnit::day},        {std::chrono::hours(1), TimeUnit::hour},
    {std::chrono::minutes(1), TimeUnit::minute},
};

}  // namespace

Language::Language(std::string tag, Texts texts, Locale locale)
    : tag_(std::move(tag)), texts_(std::move(texts)), locale_(std::move(locale)) {}

Language Language::english() {
  return make("en", parse_texts(embedded::file("mod_calint/pages/texts/en.json")).value()).value();
}

Result<Language> Language::make(std::string tag, Texts texts) {
  auto locale = Locale::make(tag);
  if (!locale) return std::move(locale).error();
  return Language(std::move(tag), std::move(texts), std::move(*locale));
}

std::string_view Language::direction() const { return locale_.right_to_left() ? "rtl" : "ltr"; }

std::string Language::say(const Text& text) const {
  const auto found = texts_.find(text.id);
  if (found == texts_.end()) throw std::logic_error("there is no text " + std::string(text.id));
  return found->second.say(text.arguments, locale_);
}

std::string Language::relative_time(Instant then, Instant now) const {
  const bool past = then <= now;
  const auto apart = past ? now - then : then - now;
  for (const UnitLength& unit : kUnits)
    if (const int64_t count = apart / unit.length; count > 0) return locale_.relative(past ? -count : count, unit.unit);
  return say(texts::time::just_now{});
}

std::string Language::date_time(Instant at, std::string_view zone) const {
  const CivilTime time = civil_time(at, zone);
  return say(texts::time::moment{.day = locale_.digits(time.day),
                                 .hour = locale_.digits(time.hour, 2),
                                 .minute = locale_.digits(time.minute, 2),
                                 .month = locale_.month(time.month),
                                 .year = locale_.digits(time.year),
                                 .zone = time.zone});
}

}  // namespace calint::pages
