#include "calendar/attendance.h"

#include <algorithm>

#include "base/encoding.h"

namespace calint::calendar {
namespace {

// "MAILTO:Sam.Rivera@Example.org" is sam.rivera@example.org.
std::string comparable(std::string_view address) {
  std::string text = lower_case(trim(address));
  if (text.starts_with("mailto:")) text.erase(0, 7);
  if (auto decoded = percent_decode(text)) text = lower_case(*decoded);
  return std::string(trim(text));
}

}  // namespace

Owner::Owner(const Accounts& accounts) {
  for (const std::string& account : accounts) addresses_.push_back(comparable(account));
  std::erase(addresses_, "");
  std::sort(addresses_.begin(), addresses_.end());
}

bool Owner::is(const ContentLine& line) const {
  if (addresses_.empty()) return false;
  const auto known = [&](std::string_view address) {
    return std::binary_search(addresses_.begin(), addresses_.end(), comparable(address));
  };
  const auto email = line.parameter("EMAIL");
  return known(line.value) || (email && known(*email));
}

void Attendance::take(const ContentLine& line, const Owner& owner) {
  const std::string_view value = trim(line.value);
  if (is_name(line.name, "STATUS")) {
    cancelled_ = cancelled_ || is_name(value, "CANCELLED") || is_name(value, "CANCELED");
    tentative_ = is_name(value, "TENTATIVE");
  } else if (is_name(line.name, "TRANSP")) {
    if (is_name(value, "TRANSPARENT")) transparent_ = true;
    else if (is_name(value, "OPAQUE")) transparent_ = false;
  } else if (is_name(line.name, "X-MICROSOFT-CDO-BUSYSTATUS")) {
    shown_as_ = lower_case(value);
  } else if (is_name(line.name, "ORGANIZER")) {
    is_organizer_ = is_organizer_ || owner.is(line);
  } else if (is_name(line.name, "ATTENDEE") && owner.is(line)) {
    // What isn't known counts as NEEDS-ACTION, and so does none (3.2.12). Of several lines the one that takes more
    // time.
    const std::string_view partstat = line.parameter("PARTSTAT").value_or("NEEDS-ACTION");
    Answer answer = Answer::unanswered;
    if (is_name(partstat, "DECLINED")) answer = Answer::declined;
    else if (is_name(partstat, "TENTATIVE")) answer = Answer::tentative;
    else if (is_name(partstat, "ACCEPTED") || is_name(partstat, "DELEGATED")) answer = Answer::accepted;
    answer_ = std::max(answer_, answer);
  }
}

Standing Attendance::standing() const {
  return standing_of({
      .cancelled = cancelled_,
      .declined = answer_ == Answer::declined,
      .elsewhere = shown_as_ == "workingelsewhere",
      // Where a client changes TRANSP, Exchange's property often stays behind: it counts where TRANSP says nothing.
      .transparent = transparent_.value_or(shown_as_ == "free"),
      .out_of_office = shown_as_ == "oof",
      .unanswered = answer_ == Answer::unanswered && !is_organizer_,
      .tentative = answer_ == Answer::tentative || tentative_ || shown_as_ == "tentative",
  });
}

}  // namespace calint::calendar
