#include "calendar/attendance.h"

#include "support/check.h"

using namespace calint::calendar;

namespace {

std::string standing(const std::vector<std::string>& lines, const Accounts& accounts = {"sam.rivera@example.org"}) {
  const Owner owner(accounts);
  Attendance attendance;
  for (const std::string& line : lines) attendance.take(*parse_line(line), owner);
  return std::string(to_string(attendance.standing()));
}

std::string answer(const std::string& partstat) {
  return standing({"ATTENDEE;PARTSTAT=" + partstat + ":mailto:sam.rivera@example.org"});
}

}  // namespace

CALINT_TEST(an_event_takes_time_unless_it_says_otherwise) {
  CHECK_EQUAL(standing({}), "busy");
  CHECK_EQUAL(standing({"STATUS:CONFIRMED", "TRANSP:OPAQUE"}), "busy");
  CHECK_EQUAL(standing({"STATUS:SOMETHING", "TRANSP:SOMEHOW"}), "busy");
  CHECK_EQUAL(standing({"TRANSP:TRANSPARENT"}), "transparent");
  CHECK_EQUAL(standing({"status:cancelled"}), "cancelled");
  CHECK_EQUAL(standing({"STATUS:TENTATIVE"}), "tentative");
}

CALINT_TEST(the_owners_own_answer_counts_and_nobody_elses) {
  CHECK_EQUAL(answer("ACCEPTED"), "busy");
  CHECK_EQUAL(answer("DECLINED"), "declined");
  CHECK_EQUAL(answer("TENTATIVE"), "tentative");
  CHECK_EQUAL(answer("NEEDS-ACTION"), "unanswered");
  CHECK_EQUAL(answer("X-MAYBE"), "unanswered");
  CHECK_EQUAL(standing({"ATTENDEE:mailto:sam.rivera@example.org"}), "unanswered");
  CHECK_EQUAL(standing({"ATTENDEE;PARTSTAT=DECLINED:mailto:kim@example.net"}), "busy");
  CHECK_EQUAL(standing({"ATTENDEE;PARTSTAT=DECLINED:mailto:sam.rivera@example.org"}, {}), "busy");
}

CALINT_TEST(an_address_is_known_in_every_spelling) {
  for (const char* line :
       {"ATTENDEE;PARTSTAT=DECLINED:MAILTO:SAM.RIVERA@EXAMPLE.ORG", "attendee;partstat=declined:sam.rivera@example.org",
        "ATTENDEE;PARTSTAT=DECLINED: mailto:sam.rivera@example.org ",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:sam%2Erivera@example.org",
        "ATTENDEE;CN=Sam;PARTSTAT=DECLINED;EMAIL=Sam.Rivera@example.org:/aMTIz/principal/"}) {
    ck_assert_msg(standing({line}) == "declined", "%s", line);
  }
  CHECK_EQUAL(standing({"ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example"}, {"mailto:A@B.example"}), "declined");
  CHECK_EQUAL(standing({"ATTENDEE;PARTSTAT=DECLINED:mailto:notsam.rivera@example.org"}), "busy");
}

CALINT_TEST(of_several_answers_the_one_counts_that_takes_more_time) {
  const Accounts both{"a@b.example", "c@d.example"};
  const std::string declined = "ATTENDEE;PARTSTAT=DECLINED:mailto:a@b.example";
  CHECK_EQUAL(standing({declined, "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@d.example"}, both), "busy");
  CHECK_EQUAL(standing({declined, "ATTENDEE:mailto:c@d.example"}, both), "unanswered");
}

CALINT_TEST(who_invites_needs_no_answer) {
  CHECK_EQUAL(standing({"ORGANIZER:mailto:sam.rivera@example.org", "ATTENDEE:mailto:sam.rivera@example.org"}), "busy");
  CHECK_EQUAL(standing({"ORGANIZER:mailto:kim@example.net", "ATTENDEE:mailto:sam.rivera@example.org"}), "unanswered");
}

CALINT_TEST(exchange_shows_more_than_two_states) {
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:OOF"}), "oof");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE"}), "tentative");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:OPAQUE"}), "busy");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:FREE"}), "transparent");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"}), "elsewhere");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:WHATEVER"}), "busy");
  // What a client changed later, TRANSP, beats what Exchange wrote once.
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:BUSY", "TRANSP:TRANSPARENT"}), "transparent");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:OPAQUE"}), "busy");
  CHECK_EQUAL(standing({"X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
                        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:sam.rivera@example.org"}),
              "unanswered");
}
