// One call of Events (provider/events.h) at a provider that listens on this host, for providers.py: a JSON object on
// standard input says which, one on standard output what came of it. What is left out has the header's default.
#include <iostream>
#include <iterator>
#include <string>

#include "base/json.h"
#include "base/json_writer.h"
#include "base/rfc3339.h"
#include "net/curl_transport.h"
#include "provider/providers.h"

namespace {

using namespace calint;
using namespace std::chrono_literals;

std::string text(const json_t* object, const char* name) {
  return std::string(string_member(object, name).value_or(""));
}

Instant instant(const json_t* object, const char* name) {
  return parse_rfc3339(text(object, name)).value_or(std::chrono::sys_seconds());
}

provider::EventContent content_of(const json_t* asked) {
  provider::EventContent content{.title = text(asked, "title"),
                                 .description = text(asked, "description"),
                                 .location = text(asked, "location"),
                                 .start = instant(asked, "start"),
                                 .end = instant(asked, "end"),
                                 .zone = text(asked, "zone"),
                                 .guests = {},
                                 .wants_room = true_member(asked, "wants_room"),
                                 .conference_url = text(asked, "conference_url"),
                                 .notifies = !json_is_false(json_object_get(asked, "notifies")),
                                 .hides_guests = true_member(asked, "hides_guests")};
  if (const auto minutes = integer_member(asked, "reminder")) content.reminder = static_cast<int>(*minutes);
  const json_t* guests = json_object_get(asked, "guests");
  for (size_t i = 0; i < json_array_size(guests); ++i) {
    const json_t* guest = json_array_get(guests, i);
    content.guests.push_back({text(guest, "email"), text(guest, "name"), true_member(guest, "is_optional")});
  }
  return content;
}

provider::EventParts parts_of(const json_t* asked) {
  return {.title = true_member(asked, "title"),
          .description = true_member(asked, "description"),
          .location = true_member(asked, "location"),
          .time = true_member(asked, "time"),
          .guests = true_member(asked, "guests"),
          .reminder = true_member(asked, "reminder")};
}

std::string told(Instant at) { return rfc3339_text(std::chrono::floor<std::chrono::seconds>(at)); }

JsonObject told(const provider::WrittenEvent& event) {
  constexpr const char* kRooms[] = {"none", "pending", "ready", "failed"};
  constexpr const char* kAttendance[] = {"needs_action", "accepted", "declined", "tentative"};
  JsonArray answers;
  for (const provider::GuestAnswer& one : event.answers)
    answers.add(JsonArray().add(one.email).add(kAttendance[static_cast<size_t>(one.attendance)]));
  return JsonObject()
      .add("calendar", event.place.calendar)
      .add("key", event.place.key)
      .add("id", event.place.id)
      .add("uid", event.uid)
      .add("start", told(event.start))
      .add("end", told(event.end))
      .add("room", kRooms[static_cast<size_t>(event.room)])
      .add("room_url", event.room_url)
      .add("answers", answers)
      .add("organiser_declined", event.organiser_declined);
}

JsonObject told(const Error& error) {
  return JsonObject()
      .add("fault", to_string(error.fault))
      .add("detail", to_string(error.detail))
      .add("what", text_of(error));
}

JsonObject call(Events& events, const json_t* asked) {
  const Access access{.token = Secret(string_member(asked, "token").value_or("")),
                      .account = text(asked, "account"),
                      .memory = text(asked, "memory")};
  const provider::EventPlace place{text(asked, "calendar"), text(asked, "key"), text(asked, "id")};
  const provider::EventContent content = content_of(json_object_get(asked, "content"));
  const Instant now = SystemClock().now();
  const Deadline deadline = Deadline::in(20s);
  const std::string name = text(asked, "call");
  if (name == "create") {
    const provider::NewEvent wanted{place.calendar, place.key, true_member(asked, "is_repeated")};
    const auto made = events.create(access, wanted, content, now, deadline);
    return made ? told(made->event).add("was_there", made->was_there) : told(made.error());
  }
  if (name == "change") {
    const auto changed =
        events.change(access, place, content, parts_of(json_object_get(asked, "parts")), now, deadline);
    return changed ? told(*changed) : told(changed.error());
  }
  if (name == "cancel") {
    const auto cancelled = events.cancel(access, place, content, now, deadline);
    if (!cancelled) return told(cancelled.error());
    return *cancelled == provider::Cancelled::yes ? JsonObject() : JsonObject().add("missing", true);
  }
  const auto found = events.find(access, place, now, deadline);
  if (!found) return told(found.error());
  return *found ? told(**found) : JsonObject().add("missing", true);
}

}  // namespace

int main() {
  const std::string input(std::istreambuf_iterator<char>(std::cin), {});
  const Json asked = parse_json_object(input);
  const auto id = parse_provider(text(asked.get(), "provider"));
  if (!asked || !id) {
    std::cerr << "standard input isn't a call\n";
    return 2;
  }
  CurlTransport transport({.proxy = {}, .trust = nullptr, .allow_insecure_loopback = true, .stopping = {}});
  const ProviderAddresses addresses{.tenant = {},
                                    .authorize_url = {},
                                    .token_url = {},
                                    .revoke_url = {},
                                    .api_url = text(asked.get(), "api_url"),
                                    .issuer = {},
                                    .api_hosts = {"localhost"}};
  const Provider provider = make_provider(*id, addresses, transport);
  std::cout << call(*provider.events, asked.get()).text() << "\n";
  return 0;
}
