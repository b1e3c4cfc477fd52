#include "provider/caldav/guest_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "base/utf8.h"
#include "calendar/component.h"
#include "provider/caldav/account.h"

namespace calint::caldav {
namespace {

using calendar::ContentLine;
using calendar::is_name;
using provider::Attendance;
using provider::Guest;

constexpr size_t kMostAnswers = 1000;

// RFC 6068, 2: what would end an address, or begin something else, is escaped.
std::string mailto(std::string_view address) {
  std::string url = "mailto:";
  for (const char c : address) {
    const bool is_plain = is_visible(c) && std::string_view("%\"<>[\\]^`{|}?#&;,:").find(c) == std::string_view::npos;
    if (is_plain) url += c;
    else url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url;
}

// An ATTENDEE that isn't a guest of ours to begin with.
bool is_apart(const ContentLine& line, const calendar::Owner& owner) {
  const std::string_view kind = line.parameter("CUTYPE").value_or("");
  return owner.is(line) || is_name(kind, "ROOM") || is_name(kind, "RESOURCE");
}

std::string role_of(const Guest& guest) { return guest.is_optional ? "ROLE=OPT-PARTICIPANT" : "ROLE=REQ-PARTICIPANT"; }

std::string name_of(const Guest& guest) { return calendar::parameter("CN", trimmed(guest.name)); }

std::string new_line(const Guest& guest) {
  return fmt::format("ATTENDEE{}{};CUTYPE=INDIVIDUAL;{};PARTSTAT=NEEDS-ACTION;RSVP=TRUE:{}",
                     guest.name.empty() ? "" : ";", guest.name.empty() ? "" : name_of(guest), role_of(guest),
                     mailto(guest.email));
}

bool is_owners(const Guest& guest, const calendar::Owner& owner) {
  const std::string line = new_line(guest);
  return owner.is(*calendar::parse_line(line));
}

// A line that stands there, with the guest's name and role.
std::string kept_line(std::string line, const Guest& guest) {
  auto parsed = calendar::parse_line(line);
  if (!guest.name.empty() && fmt::format("CN=\"{}\"", parsed->parameter("CN").value_or("")) != name_of(guest)) {
    line = calendar::with_parameter(*parsed, "CN", name_of(guest));
    parsed = calendar::parse_line(line);
  }
  if (is_name(parsed->parameter("ROLE").value_or(""), "OPT-PARTICIPANT") != guest.is_optional)
    line = calendar::with_parameter(*parsed, "ROLE", role_of(guest));
  return line;
}

Attendance answer_in(const ContentLine& line) {
  const std::string_view answer = line.parameter("PARTSTAT").value_or("");
  if (is_name(answer, "ACCEPTED")) return Attendance::accepted;
  if (is_name(answer, "DECLINED")) return Attendance::declined;
  if (is_name(answer, "TENTATIVE")) return Attendance::tentative;
  return Attendance::needs_action;
}

}  // namespace

std::string address_in(const ContentLine& line) {
  std::string address = address_of(line.value);
  if (address.find('@') == std::string::npos) address = address_of(line.parameter("EMAIL").value_or(""));
  return address.find('@') == std::string::npos ? "" : address;
}

std::vector<std::string> guest_lines(const std::vector<std::string>& lines, const std::vector<Guest>& guests,
                                     const calendar::Owner& owner) {
  std::map<std::string, const Guest*> wanted;  // by address
  for (const Guest& guest : guests) wanted.emplace(lower_case(guest.email), &guest);
  std::set<const Guest*> standing;
  std::vector<std::string> all;
  for (const std::string& line : lines) {
    const auto parsed = calendar::parse_line(line);
    if (!parsed || !is_name(parsed->name, "ATTENDEE")) {
      all.push_back(line);
      continue;
    }
    const auto guest = wanted.find(lower_case(address_in(*parsed)));
    if (guest != wanted.end()) standing.insert(guest->second);
    if (is_apart(*parsed, owner)) all.push_back(line);
    else if (guest != wanted.end()) all.push_back(kept_line(line, *guest->second));
  }
  for (const Guest& guest : guests)
    if (!standing.contains(&guest) && !is_owners(guest, owner)) all.push_back(new_line(guest));
  return all;
}

std::vector<Guest> uninvited(const std::vector<std::string>& lines, std::vector<Guest> guests,
                             const calendar::Owner& owner) {
  std::set<std::string> invited;
  for (const std::string& line : lines)
    if (const auto parsed = calendar::parse_line(line); parsed && is_name(parsed->name, "ATTENDEE"))
      invited.insert(lower_case(address_in(*parsed)));
  std::erase_if(guests, [&](const Guest& guest) {
    return invited.contains(lower_case(guest.email)) || is_owners(guest, owner);
  });
  return guests;
}

std::string organizer_line(const std::string& address) { return "ORGANIZER:" + mailto(address); }

std::vector<provider::GuestAnswer> guest_answers(const std::vector<std::string>& lines, const calendar::Owner& owner) {
  std::vector<provider::GuestAnswer> answers;
  std::set<std::string> known;
  for (const std::string& line : lines) {
    const auto parsed = calendar::parse_line(line);
    if (!parsed || !is_name(parsed->name, "ATTENDEE") || is_apart(*parsed, owner)) continue;
    std::string address = address_in(*parsed);
    if (address.empty() || answers.size() == kMostAnswers || !known.insert(lower_case(address)).second) continue;
    answers.push_back({.email = std::move(address), .attendance = answer_in(*parsed)});
  }
  return answers;
}

}  // namespace calint::caldav
