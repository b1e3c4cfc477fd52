#include "provider/outlook/event_body.h"

#include <algorithm>

#include "base/json_writer.h"
#include "base/text.h"
#include "calendar/zones.h"
#include "provider/shared/event_texts.h"

namespace calint::outlook {
namespace {

using provider::EventContent;
using provider::EventParts;

// A clock that shows the hour twice says nothing of an instant: then UTC does, in which Graph has all of them.
std::string zone_of(const EventContent& content) {
  for (const Instant at : {content.start, content.end}) {
    const auto instant = std::chrono::floor<std::chrono::seconds>(at);
    const std::string zone = provider::zoned(at, content.zone).zone;
    const auto local = calendar::to_local(instant, zone);
    if (!local || calendar::to_instant(*local, zone) != instant) return calendar::kUtc;
  }
  return content.zone;
}

JsonObject time_value(Instant at, const std::string& zone) {
  const provider::ZonedTime time = provider::zoned(at, zone);
  return JsonObject().add("dateTime", time.local).add("timeZone", time.zone);
}

JsonArray guest_list(const std::vector<GuestEntry>& guests) {
  JsonArray list;
  for (const GuestEntry& guest : guests) {
    JsonObject one;
    one.add("emailAddress", JsonObject().add("address", guest.email).add_filled("name", guest.name));
    one.add_filled("type", guest.type);
    if (!guest.response.empty())
      one.add("status", JsonObject().add("response", guest.response).add_filled("time", guest.answered_at));
    list.add(one);
  }
  return list;
}

JsonObject html(const std::string& content) { return JsonObject().add("contentType", "html").add("content", content); }

// The transactionId is documented as any text, and is a UUID in every example.
std::string uuid_of(std::string key) {
  for (const size_t at : {8U, 13U, 18U, 23U})
    if (key.size() > at) key.insert(at, "-");
  return key;
}

// `body` is the text of the event, with what must stay of it.
JsonObject members(const EventContent& content, const EventParts& parts, const std::string& body,
                   const std::vector<GuestEntry>& known) {
  JsonObject event;
  const std::string zone = zone_of(content);
  if (parts.title) event.add("subject", content.title);
  if (changes_body(content, parts)) event.add("body", html(body));
  if (parts.location) event.add("location", JsonObject().add("displayName", provider::location_of(content)));
  if (parts.time) event.add("start", time_value(content.start, zone)).add("end", time_value(content.end, zone));
  if (parts.guests) {
    if (content.notifies) event.add("attendees", guest_list(merged_guests(known, content.guests)));
    event.add("hideAttendees", content.hides_guests);
  }
  if (parts.reminder) {
    event.add("isReminderOn", content.reminder.has_value());
    if (content.reminder) event.add("reminderMinutesBeforeStart", *content.reminder);
  }
  return event;
}

// Where the element begins that `at` is at the front of, breaks left aside; `at` itself where there is none.
size_t element_start(std::string_view lower, size_t at) {
  for (size_t end = at; end > 0;) {
    const size_t open = lower.rfind('<', end - 1);
    if (open == std::string_view::npos) return at;
    const std::string_view tag = lower.substr(open + 1, 2);
    if (tag != "br") return !tag.empty() && tag.front() >= 'a' && tag.front() <= 'z' ? open : at;
    end = open;
  }
  return at;
}

// Teams' block is the last thing in a body that has its address or its class; it begins with a line of underscores, in
// an element of its own. Our text may have the address too, so the last one counts. npos where none is recognised.
size_t block_start(std::string_view lower, const KnownEvent& known) {
  if (!known.is_online) return std::string_view::npos;
  size_t anchor = lower.rfind("me-email-text");
  if (anchor == std::string_view::npos)
    for (const std::string& address : {lower_case(known.join_url), lower_case(provider::escaped_lines(known.join_url))})
      if (const size_t at = lower.rfind(address); !address.empty() && at != std::string_view::npos) anchor = at;
  if (anchor == std::string_view::npos) return anchor;
  constexpr std::string_view kLine = "____________________";
  const size_t line = lower.rfind(kLine, anchor);
  return element_start(lower, line == std::string_view::npos ? anchor : line);
}

// Behind the tag that the body of a whole document begins with.
size_t content_start(std::string_view lower) {
  const size_t tag = lower.find("<body");
  const size_t end = tag == std::string_view::npos ? tag : lower.find('>', tag);
  return end == std::string_view::npos ? 0 : end + 1;
}

// Behind the text that a change before has put there, in an element with nothing but breaks; `head` where it begins with
// anything else, or has a link, which may be the way into the meeting.
size_t own_text_end(std::string_view lower, size_t head) {
  constexpr std::string_view kOpen = "<div>", kClose = "</div>", kBreak = "<br>";
  const size_t open = std::min(lower.find_first_not_of(" \r\n", head), lower.size());
  const size_t close = lower.find(kClose, open);
  if (!lower.substr(open).starts_with(kOpen) || close == std::string_view::npos) return head;
  const std::string_view text = lower.substr(open + kOpen.size(), close - open - kOpen.size());
  if (text.find("://") != std::string_view::npos) return head;
  for (size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1))
    if (!text.substr(at).starts_with(kBreak)) return head;
  return close + kClose.size();
}

// Whether the way into the meeting may be in there in another shape. While Graph doesn't say its address yet, a text
// without any hasn't got it.
bool may_have_block(std::string_view lower, const KnownEvent& known) {
  return known.is_online && (!known.join_url.empty() || lower.find("://") != std::string_view::npos);
}

}  // namespace

std::vector<GuestEntry> merged_guests(const std::vector<GuestEntry>& known,
                                      const std::vector<provider::Guest>& wanted) {
  std::vector<GuestEntry> merged;
  for (const GuestEntry& one : known)
    if (one.is_organiser || one.type == "resource") merged.push_back(one);
  for (const provider::Guest& guest : wanted) {
    const auto is_guest = [&](const GuestEntry& one) { return provider::is_same_address(one.email, guest.email); };
    if (std::any_of(merged.begin(), merged.end(), is_guest)) continue;
    const auto found = std::find_if(known.begin(), known.end(), is_guest);
    GuestEntry entry = found == known.end() ? GuestEntry{.email = guest.email} : *found;
    if (!guest.name.empty()) entry.name = guest.name;
    entry.type = guest.is_optional ? "optional" : "required";
    merged.push_back(std::move(entry));
  }
  return merged;
}

std::string body_text(const EventContent& content, const std::vector<GuestEntry>& known) {
  std::string text = provider::description_of(content);
  if (content.notifies) return provider::escaped_lines(text);
  std::vector<provider::Guest> uninvited = content.guests;
  std::erase_if(uninvited, [&](const provider::Guest& guest) {
    return std::ranges::any_of(known, [&](const GuestEntry& one) {
      return provider::is_same_address(one.email, guest.email);
    });
  });
  return provider::escaped_lines(provider::with_guests_named(std::move(text), uninvited));
}

std::string body_with_text(const KnownEvent& known, std::string_view text) {
  const std::string lower = lower_case(known.body);
  size_t kept = block_start(lower, known);
  const size_t head = content_start(std::string_view(lower).substr(0, kept));
  if (kept == std::string::npos && may_have_block(lower, known)) kept = own_text_end(lower, head);
  if (kept == std::string::npos) return std::string(text);
  std::string whole = known.body.substr(0, head);
  whole += text.empty() ? "" : "<div>" + std::string(text) + "</div>";
  return whole.append(known.body, kept);
}

std::string create_body(const std::string& key, const EventContent& content) {
  const std::string body = body_text(content, {});
  const EventParts all{.title = true,
                       .description = !body.empty(),
                       .location = !provider::location_of(content).empty(),
                       .time = true,
                       .guests = true,
                       .reminder = true};
  JsonObject event = members(content, all, body, {});
  event.add("transactionId", uuid_of(key)).add("allowNewTimeProposals", false).add("showAs", "busy");
  event.add("singleValueExtendedProperties", JsonArray().add(JsonObject().add("id", kKeyProperty).add("value", key)));
  if (content.wants_room) event.add("isOnlineMeeting", true).add("onlineMeetingProvider", "teamsForBusiness");
  return event.text();
}

bool changes_body(const EventContent& content, const EventParts& parts) {
  return parts.description || (parts.guests && !content.notifies);
}

std::string patch_body(const EventContent& content, const EventParts& parts, const KnownEvent& known) {
  const std::string body =
      changes_body(content, parts) ? body_with_text(known, body_text(content, known.guests)) : "";
  return members(content, parts, body, known.guests).text();
}

}  // namespace calint::outlook
