#include "pages/locale.h"

#include <fmt/format.h>
#include <unicode/dtfmtsym.h>
#include <unicode/numberformatter.h>
#include <unicode/plurrule.h>
#include <unicode/reldatefmt.h>

#include <array>

namespace calint::pages {
namespace {

constexpr size_t kMonths = 12;

std::string utf8(const icu::UnicodeString& text) {
  std::string bytes;
  return text.toUTF8String(bytes);
}

URelativeDateTimeUnit icu_unit(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::minute: return UDAT_REL_UNIT_MINUTE;
    case TimeUnit::hour: return UDAT_REL_UNIT_HOUR;
    case TimeUnit::day: return UDAT_REL_UNIT_DAY;
    case TimeUnit::month: return UDAT_REL_UNIT_MONTH;
    case TimeUnit::year: break;
  }
  return UDAT_REL_UNIT_YEAR;
}

}  // namespace

struct Locale::Icu {
  icu::Locale locale;
  std::unique_ptr<const icu::PluralRules> plurals;
  std::array<icu::number::LocalizedNumberFormatter, 2> digits;  // by width
  std::array<std::string, kMonths> months;
  std::unique_ptr<const icu::RelativeDateTimeFormatter> relative;
};

Result<Locale> Locale::make(const std::string& tag) {
  UErrorCode status = U_ZERO_ERROR;
  auto icu = std::make_unique<Icu>();
  icu->locale = icu::Locale::forLanguageTag(tag, status);
  if (U_FAILURE(status) || icu->locale.getLanguage()[0] == '\0')
    return Error{.fault = Fault::bad_input, .what = fmt::format("'{}' is no language (BCP 47)", tag)};
  icu->plurals.reset(icu::PluralRules::forLocale(icu->locale, status));
  const auto plain = icu::number::NumberFormatter::withLocale(icu->locale).grouping(UNUM_GROUPING_OFF);
  icu->digits = {plain, plain.integerWidth(icu::number::IntegerWidth::zeroFillTo(2))};
  const icu::DateFormatSymbols symbols(icu->locale, status);
  int32_t count = 0;
  const icu::UnicodeString* months =
      symbols.getMonths(count, icu::DateFormatSymbols::FORMAT, icu::DateFormatSymbols::WIDE);
  for (size_t i = 0; i < kMonths && std::cmp_less(i, count); ++i) icu->months[i] = utf8(months[i]);
  icu->relative = std::make_unique<const icu::RelativeDateTimeFormatter>(icu->locale, status);
  if (U_FAILURE(status))
    return Error{.fault = Fault::bad_input, .what = fmt::format("ICU can't serve '{}': {}", tag, u_errorName(status))};
  return Locale(std::move(icu));
}

Locale::Locale(std::unique_ptr<const Icu> icu) : icu_(std::move(icu)) {}
Locale::~Locale() = default;
Locale::Locale(Locale&&) noexcept = default;
Locale& Locale::operator=(Locale&&) noexcept = default;

bool Locale::right_to_left() const { return icu_->locale.isRightToLeft() != 0; }

std::string Locale::plural(int64_t count) const { return utf8(icu_->plurals->select(static_cast<double>(count))); }

std::string Locale::digits(int64_t number, int width) const {
  UErrorCode status = U_ZERO_ERROR;
  const auto text = icu_->digits.at(static_cast<size_t>(width - 1)).formatInt(number, status).toString(status);
  return U_SUCCESS(status) ? utf8(text) : std::to_string(number);
}

const std::string& Locale::month(unsigned number) const { return icu_->months.at(number - 1); }

std::string Locale::relative(int64_t count, TimeUnit unit) const {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString text;
  return utf8(icu_->relative->formatNumeric(static_cast<double>(count), icu_unit(unit), text, status));
}

}  // namespace calint::pages
