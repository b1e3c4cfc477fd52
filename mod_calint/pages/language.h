// One language: its words for everything that pages say, counts and times among them.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "pages/locale.h"
#include "pages/text.h"
#include "pages/texts_file.h"

namespace calint::pages {

// Immutable once made; safe from any thread. The system's zone files are read at the first call that needs a zone, and
// kept.
class Language {
 public:
  // English as it is shipped.
  static Language english();

  // `texts` has every id. bad_input for a tag that Locale doesn't take.
  static Result<Language> make(std::string tag, Texts texts);

  const std::string& tag() const { return tag_; }              // "en": the HTML attribute lang
  std::string_view direction() const;                          // "ltr", "rtl": the HTML attribute dir
  const Texts& texts() const { return texts_; }

  // Plain text: whoever puts it into HTML escapes it, arguments and all. Text that isn't there, or without its
  // arguments, is a bug and throws std::logic_error.
  std::string say(const Text& text) const;

  // "just now" (less than a minute away), "5 minutes ago", "in 2 hours", "3 days ago", "2 months ago". Months count 30
  // days and years 365; parts of a unit are dropped.
  std::string relative_time(Instant then, Instant now) const;

  // "24 November 2026, 14:05 (Europe/Berlin)". `zone` is an IANA name; "(UTC)" for an empty or unknown one, and where
  // the system has no zone files.
  std::string date_time(Instant at, std::string_view zone) const;

 private:
  Language(std::string tag, Texts texts, Locale locale);

  std::string tag_;
  Texts texts_;
  Locale locale_;
};

}  // namespace calint::pages
