// Events as Graph is sent them.
#include "provider/outlook/event_body.h"

#include "interview.h"
#include "support/check.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::outlook;
using namespace std::chrono_literals;
using test::member_text;

namespace {

const std::string kKey = "0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f";
const std::string kJoin = "https://teams.microsoft.com/l/meetup-join/19%3Ameeting_x%40thread.v2/0?a=1&b=2";
constexpr provider::EventParts kGuests{.guests = true};
constexpr provider::EventParts kTime{.time = true};
constexpr provider::EventParts kDescription{.description = true};

// As Outlook keeps a text with a meeting of Teams.
const std::string kHead = "<html>\r\n<head><meta http-equiv=\"Content-Type\"></head>\r\n<body class=\"x\">";
const std::string kBlock =
    "<div style=\"margin-bottom:24px\"><br>" + std::string(80, '_') +
    "</div>\r\n<div class=\"me-email-text\"><a href=\"https://teams.microsoft.com/l/meetup-join/19%3ameeting_x"
    "%40thread.v2/0?a=1&amp;b=2\">Join</a></div>\r\n<div>" +
    std::string(80, '_') + "</div>\r\n</body>\r\n</html>";

Json created(const provider::EventContent& content) {
  Json value = parse_json_object(create_body(kKey, content));
  CHECK(value != nullptr);
  return value;
}

std::string online(const std::string& body, const std::string& text, const std::string& join = kJoin) {
  return body_with_text({.guests = {}, .body = body, .is_online = true, .join_url = join}, text);
}

}  // namespace

CALINT_TEST(an_interview_is_sent_as_the_reference_has_it) {
  const Json sample = test::read_sample(CALINT_TEST_DATA "/microsoft/event-create-request.json");
  const json_t* wanted = json_object_get(json_object_get(sample.get(), "request"), "json");
  provider::EventContent content = test::interview();
  content.zone = "UTC";
  const Json body = created(content);
  for (const char* member : {"subject", "start", "end", "location", "hideAttendees", "allowNewTimeProposals",
                             "isOnlineMeeting", "onlineMeetingProvider", "transactionId", "showAs"})
    CHECK_EQUAL(member_text(body.get(), member), member_text(wanted, member));
  CHECK_EQUAL(member_text(body.get(), "body"), R"({"content":"Panel interview","contentType":"html"})");
  CHECK_EQUAL(member_text(body.get(), "attendees"),
              R"([{"emailAddress":{"address":"jdoe@example.net","name":"J. Doe"},"type":"required"},)"
              R"({"emailAddress":{"address":"sam@example.com"},"type":"optional"}])");
  CHECK_EQUAL(member_text(body.get(), "singleValueExtendedProperties"),
              R"([{"id":")" + std::string(kKeyProperty) + R"(","value":")" + kKey + "\"}]");
  CHECK_EQUAL(member_text(body.get(), "isReminderOn"), "true");
  CHECK_EQUAL(member_text(body.get(), "reminderMinutesBeforeStart"), "15");
}

CALINT_TEST(what_isnt_asked_for_isnt_there) {
  const Json body = created({.title = "x", .zone = "UTC"});
  for (const char* member :
       {"body", "location", "isOnlineMeeting", "onlineMeetingProvider", "reminderMinutesBeforeStart"})
    CHECK_EQUAL(member_text(body.get(), member), "");
  CHECK_EQUAL(member_text(body.get(), "isReminderOn"), "false");
}

CALINT_TEST(guests_that_arent_to_hear_are_named_in_the_text) {
  provider::EventContent content = test::interview();
  content.notifies = false;
  const Json body = created(content);
  CHECK_EQUAL(member_text(body.get(), "attendees"), "");
  CHECK_EQUAL(member_text(body.get(), "body"),
              R"({"content":"Panel interview<br><br>• J. Doe &lt;jdoe@example.net&gt;<br>• sam@example.com",)"
              R"("contentType":"html"})");
  CHECK_EQUAL(patch_body(content, kGuests, {}),
              R"({"body":{"contentType":"html","content":"Panel interview<br><br>• J. Doe &lt;jdoe@example.net&gt;<br>)"
              R"(• sam@example.com"},"hideAttendees":true})");
}

CALINT_TEST(guests_who_were_invited_arent_named_for_the_others_to_read) {
  provider::EventContent content = test::interview();
  content.notifies = false;
  const KnownEvent known{.guests = {{.email = "JDoe@example.net", .type = "required", .response = "accepted"}}};
  for (const provider::EventParts& parts : {kGuests, kDescription}) {
    const std::string body = patch_body(content, parts, known);
    CHECK(body.find("jdoe@example.net") == std::string::npos);
    CHECK(body.find("Panel interview<br><br>• sam@example.com") != std::string::npos);
  }
}

CALINT_TEST(a_change_has_what_it_changes_and_nothing_else) {
  const provider::EventContent content = test::interview();
  CHECK_EQUAL(patch_body(content, {.title = true}, {}), R"({"subject":"Interview: J. Doe - Backend Engineer"})");
  CHECK_EQUAL(patch_body(content, {.location = true}, {}), R"({"location":{"displayName":"Room 4"}})");
  CHECK_EQUAL(patch_body({}, {.location = true}, {}), R"({"location":{"displayName":""}})");
  CHECK_EQUAL(patch_body(content, kTime, {}),
              R"({"start":{"dateTime":"2027-01-21T10:00:00","timeZone":"Europe/Berlin"},)"
              R"("end":{"dateTime":"2027-01-21T11:00:00","timeZone":"Europe/Berlin"}})");
  CHECK_EQUAL(patch_body(content, {.reminder = true}, {}),
              R"({"isReminderOn":true,"reminderMinutesBeforeStart":15})");
  CHECK_EQUAL(patch_body({}, {.reminder = true}, {}), R"({"isReminderOn":false})");
}

CALINT_TEST(an_hour_that_the_clock_shows_twice_is_told_in_utc) {
  provider::EventContent content = test::interview();
  // 31 October 2027 in Berlin: from half past two to half past two.
  content.start = Instant{1824942600s};
  content.end = Instant{1824946200s};
  CHECK_EQUAL(patch_body(content, kTime, {}),
              R"({"start":{"dateTime":"2027-10-31T00:30:00","timeZone":"UTC"},)"
              R"("end":{"dateTime":"2027-10-31T01:30:00","timeZone":"UTC"}})");
  content.zone = "Mars/Olympus";
  CHECK_EQUAL(patch_body(content, kTime, {}),
              R"({"start":{"dateTime":"2027-10-31T00:30:00","timeZone":"UTC"},)"
              R"("end":{"dateTime":"2027-10-31T01:30:00","timeZone":"UTC"}})");
}

CALINT_TEST(a_text_is_shown_as_it_was_typed) {
  provider::EventContent content{.description = "Hi, 2 < 3 & more\n<a href=\"https://evil.test\">Zoom</a>"};
  CHECK_EQUAL(body_text(content, {}), "Hi, 2 &lt; 3 &amp; more<br>&lt;a href=\"https://evil.test\"&gt;Zoom&lt;/a&gt;");
  content = {.description = "a\n  b", .conference_url = "https://zoom.test/?a&b"};
  CHECK_EQUAL(body_text(content, {}), "a<br>&nbsp;&nbsp;b<br><br>https://zoom.test/?a&amp;b");
}

CALINT_TEST(a_new_text_leaves_the_block_of_teams) {
  CHECK_EQUAL(online(kHead + "old<br>text" + kBlock, "new"), kHead + "<div>new</div>" + kBlock);
  CHECK_EQUAL(online(kHead + kBlock, "new"), kHead + "<div>new</div>" + kBlock);
  CHECK_EQUAL(online(kHead + "old" + kBlock, ""), kHead + kBlock);
  // Twice is as once.
  CHECK_EQUAL(online(online(kHead + "old" + kBlock, "new"), "new"), kHead + "<div>new</div>" + kBlock);
  // Before its address is known.
  CHECK_EQUAL(online(kHead + "old" + kBlock, "new", ""), kHead + "<div>new</div>" + kBlock);
}

CALINT_TEST(an_address_or_a_line_in_our_own_text_is_no_block) {
  const std::string ours = "<div>" + std::string(80, '_') + "<br>" + kJoin + "</div>";
  CHECK_EQUAL(online(kHead + ours + kBlock, "new"), kHead + "<div>new</div>" + kBlock);
  CHECK_EQUAL(body_with_text({.guests = {}, .body = kHead + ours, .is_online = false, .join_url = {}}, "new"), "new");
}

CALINT_TEST(a_block_that_isnt_recognised_stays_with_all_that_is_there) {
  const std::string end = "</body>\r\n</html>";
  CHECK_EQUAL(online("<html><body>old</body></html>", "new"), "<html><body><div>new</div>old</body></html>");
  // The address was rewritten on its way.
  const std::string safe = "old<p><a href=\"https://safelinks.example/?url=teams\">Join</a></p>" + end;
  CHECK_EQUAL(online(kHead + safe, "new"), kHead + "<div>new</div>" + safe);
  CHECK_EQUAL(online(kHead + safe, "new", ""), kHead + "<div>new</div>" + safe);
  CHECK_EQUAL(online(kHead + safe, ""), kHead + safe);
  CHECK_EQUAL(online("old, without a frame", "new"), "<div>new</div>old, without a frame");
  // One text of ours is enough, but what may lead into the meeting isn't taken for one.
  CHECK_EQUAL(online(online(kHead + safe, "second<br>&lt;line"), "third"), kHead + "<div>third</div>" + safe);
  CHECK_EQUAL(online("<html><body>\r\n<div>second</div>" + safe, "third"), "<html><body><div>third</div>" + safe);
  const std::string linked = kHead + "<div>https://safelinks.example/?url=teams</div>" + end;
  CHECK_EQUAL(online(linked, "new"), kHead + "<div>new</div>" + linked.substr(kHead.size()));
  // Nothing leads into a meeting that is still being made.
  CHECK_EQUAL(online(kHead + "old" + end, "new", ""), "new");
}

CALINT_TEST(a_block_of_another_shape_stays_too) {
  const std::string bare = "<p><a href=\"" + kJoin + "\">Join</a></p></body></html>";
  CHECK_EQUAL(online(kHead + "<p>old</p>" + bare, "new"),
              kHead + "<div>new</div><a href=\"" + kJoin + "\">Join</a></p></body></html>");
  CHECK_EQUAL(online(kJoin, "new"), "<div>new</div>" + kJoin);
  CHECK_EQUAL(online(online(kJoin, "old"), "new"), "<div>new</div>" + kJoin);
  CHECK_EQUAL(online("old <span>" + std::string(40, '_') + "</span> " + kJoin, "new"),
              "<div>new</div><span>" + std::string(40, '_') + "</span> " + kJoin);
}

CALINT_TEST(one_guest_more_leaves_the_others_answers) {
  const KnownEvent known{.guests = {{.email = "avery@contoso.example", .type = "required", .is_organiser = true},
                                    {.email = "room4@contoso.example", .name = "Room 4", .type = "resource"},
                                    {.email = "Jane@Candidate.test",
                                     .name = "J",
                                     .type = "required",
                                     .response = "accepted",
                                     .answered_at = "2027-01-11T09:00:00Z"},
                                    {.email = "gone@example.com", .type = "required"}}};
  const std::vector<provider::Guest> wanted = {{.email = "jane@candidate.test", .name = "Jane"},
                                               {.email = "new@example.com", .is_optional = true}};
  CHECK_EQUAL(patch_body({.guests = wanted}, kGuests, known),
              R"({"attendees":[{"emailAddress":{"address":"avery@contoso.example"},"type":"required"},)"
              R"({"emailAddress":{"address":"room4@contoso.example","name":"Room 4"},"type":"resource"},)"
              R"({"emailAddress":{"address":"Jane@Candidate.test","name":"Jane"},"type":"required",)"
              R"("status":{"response":"accepted","time":"2027-01-11T09:00:00Z"}},)"
              R"({"emailAddress":{"address":"new@example.com"},"type":"optional"}],"hideAttendees":false})");
}

CALINT_TEST(a_text_that_stays_isnt_sent) {
  CHECK(!changes_body(test::interview(), kGuests));
  CHECK(changes_body(test::interview(), kDescription));
  CHECK_EQUAL(patch_body(test::interview(), kGuests, {}).find("\"body\""), std::string::npos);
}
