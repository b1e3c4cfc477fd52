// Lines of iCalendar text (RFC 5545 3.1), read from bytes as they come: with or without CR, folded anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace calint::calendar {

// Walks over the unfolded lines of a text. The text must outlive it.
class LineReader {
 public:
  explicit LineReader(std::string_view text);

  // The next line that isn't empty, without its line ends and folds; nullopt at the end. The view is valid until the
  // next call. A line ends with CR LF, LF or CR; empty lines between a line and its continuation don't part them.
  std::optional<std::string_view> next();
  size_t number() const { return number_; }  // of the line that next() gave, as an editor counts it

 private:
  std::string_view physical();  // one line as it stands, and moves behind it

  std::string_view text_;
  size_t at_ = 0;
  size_t line_feed_;  // the next one, as far as it was looked for
  std::string unfolded_;
  size_t number_ = 0;    // where the line that was given begins
  size_t physical_ = 0;  // lines that were passed
};

// A line in its parts. Views into the line. Names compare without case: see is_name.
struct ContentLine {
  std::string_view name;
  std::string_view parameters;  // from the first ';' on, or empty
  std::string_view value;

  // The first value of the parameter, without its quotes. `name` in capitals.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // All of them as they are written: NAME=VALUE.
  std::vector<std::string_view> all_parameters() const;
};

// nullopt for what isn't a line of the form NAME;PARAMETERS:VALUE. Takes a colon in a quoted parameter for what it is,
// and where a quote isn't closed, the first colon.
std::optional<ContentLine> parse_line(std::string_view line);

// The same for properties whose values are times: a colon in a zone's name isn't taken for the end of the parameters
// where it isn't quoted, as in TZID=(UTC+01:00) Amsterdam.
std::optional<ContentLine> parse_line_of_times(std::string_view line);

// Compares ASCII without case; `capitals` is in capitals.
bool is_name(std::string_view text, std::string_view capitals);

std::string_view trim(std::string_view text);
std::string lower_case(std::string_view text);  // ASCII

// The parts between `separator`, trimmed; empty ones are left out.
std::vector<std::string_view> split(std::string_view text, char separator);

// A TEXT value (RFC 5545 3.3.11) without its escapes.
std::string unescape(std::string_view value);

}  // namespace calint::calendar
