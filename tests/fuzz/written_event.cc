// An interview of ours as Google and Graph answer with it, and what a change of it is sent: a whole HTTP answer.
#include "base/json.h"
#include "fuzz.h"
#include "provider/google/event_reply.h"
#include "provider/outlook/event_reply.h"

using namespace calint;

namespace {

constexpr provider::EventParts kAll{
    .title = true, .description = true, .location = true, .time = true, .guests = true, .reminder = true};

const provider::EventContent& content() {
  static const provider::EventContent one{.title = "Interview",
                                          .description = "Welcome",
                                          .location = "Room 5",
                                          .start = fuzz::kNow,
                                          .end = fuzz::kNow + std::chrono::minutes(45),
                                          .zone = "Europe/Berlin",
                                          .guests = {{.email = "jane@candidate.test", .name = "Jane"}}};
  return one;
}

void check(const provider::WrittenEvent& event) {
  MUST(!event.place.id.empty() && fuzz::is_clean_text(event.place.id, 2048) && fuzz::is_clean_text(event.uid, 1024));
  MUST((event.room == provider::Room::ready) == !event.room_url.empty());
  for (const std::string& link : {event.room_url, event.html_link})
    MUST(link.empty() || link.starts_with("http"));
  for (const provider::GuestAnswer& one : event.answers)
    MUST(!one.email.empty() && fuzz::is_clean_text(one.email, 320));
}

void check(const std::string& body) { MUST(parse_json_object(body) != nullptr); }

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const HttpResponse answer = fuzz::answer_of(fuzz::text_of(data, size));
  if (const auto reply = google::parse_event(answer, "c"); !reply) {
    MUST(fuzz::fit_to_log(reply.error()));
  } else {
    check(reply->event);
    MUST(fuzz::is_clean_text(reply->etag, 512) && (reply->is_cancelled || !reply->etag.empty()));
    check(google::patch_body(content(), kAll, reply->guests));
  }
  if (const auto reply = outlook::parse_event(answer, "c"); !reply) {
    MUST(fuzz::fit_to_log(reply.error()));
  } else {
    check(reply->event);
    MUST(fuzz::is_clean_text(reply->etag, 512) && !reply->etag.empty());
    check(outlook::patch_body(content(), kAll, reply->known));
    outlook::KnownEvent known = reply->known;
    known.body = outlook::body_with_text(known, "New");
    MUST(known.body.find("New") != std::string::npos);
    // A block that was kept is kept again, and nothing in front of it.
    MUST(outlook::body_with_text(known, "New") == known.body);
    outlook::was_there_before(*reply, answer, std::chrono::milliseconds(100));
  }
  if (const auto found = outlook::parse_found(answer, "c"); found && *found) check((*found)->event);
  if (const auto rooms = outlook::parse_makes_rooms(answer); !rooms) MUST(fuzz::fit_to_log(rooms.error()));
  return 0;
}
