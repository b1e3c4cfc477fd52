// What ICU knows of a language: how it counts, what it calls months, how far apart two times are. Immutable once made;
// safe from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"

namespace calint::pages {

enum class TimeUnit { minute, hour, day, month, year };

class Locale {
 public:
  // A BCP 47 tag, such as "de" or "pt-BR". bad_input where it isn't one, or where ICU has no data.
  static Result<Locale> make(const std::string& tag);
  ~Locale();
  Locale(Locale&&) noexcept;
  Locale& operator=(Locale&&) noexcept;

  bool right_to_left() const;
  // "one", "few", "other": the plural category of a count (CLDR).
  std::string plural(int64_t count) const;
  // The number in the language's digits, without groups, and with zeros in front up to `width`, 1 or 2.
  std::string digits(int64_t number, int width = 1) const;
  // 1 to 12, as a date has it.
  const std::string& month(unsigned number) const;
  // "5 minutes ago" for -5, "in 5 minutes" for 5.
  std::string relative(int64_t count, TimeUnit unit) const;

 private:
  struct Icu;
  explicit Locale(std::unique_ptr<const Icu> icu);

  std::unique_ptr<const Icu> icu_;
};

}  // namespace calint::pages
