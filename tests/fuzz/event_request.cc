// api: what books an interview and what changes one, from the same bytes, and the one form of both.
#include <algorithm>
#include <set>

#include "api/event_request.h"
#include "availability/zone_name.h"
#include "base/text.h"
#include "base/typed_text.h"
#include "fuzz.h"

using namespace calint;
using namespace calint::api;

namespace {

struct Read {
  EventRequest request;
  EventMembers members;
  Problems problems;  // of the request
  Problems problems_of_change;
};

Read read(std::string_view text) {
  Read result;
  const Json tree = parse_json(text, {}, result.problems);
  if (!tree) return result;
  const auto now = std::chrono::floor<std::chrono::seconds>(fuzz::kNow);
  result.request = parse_event_request(tree.get(), now, result.problems);
  result.members = parse_event_change(tree.get(), now, result.problems_of_change);
  return result;
}

void check_problems(const Problems& problems, const Problems& other) {
  MUST(problems.found().size() <= Problems::kMost + 1 && problems.found().size() == other.found().size());
  for (size_t at = 0; at < problems.found().size(); ++at) {
    const auto& [pointer, detail] = problems.found()[at];
    MUST(pointer.empty() || pointer.front() == '/');
    MUST(!detail.empty() && detail == other.found()[at].detail);  // has nothing of the input
  }
}

// As every provider may take it.
void check_line(const std::string& text) {
  MUST(count_characters(text) <= 255 && typed_line(text) == text && text.find('\n') == text.npos);
}

void check_plan(const EventPlan& plan) {
  const store::InterviewBody& body = plan.body;
  check_line(body.title);
  check_line(body.location);
  MUST(count_characters(body.description) <= 8000 && typed_lines(body.description) == body.description);
  MUST(body.time_zone.empty() || availability::zone_name(body.time_zone) == body.time_zone);
  MUST(plan.end - plan.start >= std::chrono::minutes(1) && plan.end - plan.start <= std::chrono::hours(24));
  MUST(plan.start <= fuzz::kNow + std::chrono::days(731));
  std::set<std::string> addresses;
  for (const provider::Guest& guest : body.attendees) {
    MUST(is_mail_address(guest.email) && addresses.insert(lower_case(guest.email)).second);
    check_line(guest.name);
  }
  MUST(addresses.size() <= 100);
  const std::set<std::string> ids(body.interviewer_ids.begin(), body.interviewer_ids.end());
  MUST(ids.size() == body.interviewer_ids.size() && !ids.empty() && ids.size() <= availability::kMostPeople);
  MUST(body.conference_url.empty() || (!body.conference && body.conference_url.size() <= 2048 &&
                                       lower_case(body.conference_url).starts_with("https://") &&
                                       std::all_of(body.conference_url.begin(), body.conference_url.end(), is_visible)));
  MUST(!body.reminder || (*body.reminder >= 0 && *body.reminder <= 40320));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  if (input.find(fuzz::with_other_secret("s3cret-A")) != std::string_view::npos) return 0;  // two could become one

  const Read result = read(input), other = read(fuzz::with_other_secret(input));
  check_problems(result.problems, other.problems);
  check_problems(result.problems_of_change, other.problems_of_change);
  if (!result.problems.empty()) return 0;
  const EventRequest& request = result.request;
  MUST(!request.user_id.empty() && !request.interview_ref.empty() && !request.plan.body.title.empty());
  check_plan(request.plan);
  std::set<std::string> users;
  for (const NamedUser& user : request.users) MUST(users.insert(user.user_id).second && user.pointer.front() == '/');
  for (const std::string& id : request.plan.body.interviewer_ids) MUST(users.contains(id));

  // The same members leave an interview that was made of them as it is.
  EventMembers members = result.members;
  MUST(!result.problems_of_change.empty());  // it names user_id
  store::Interview before;
  before.user_id = request.user_id;
  before.body = request.plan.body;
  before.start = request.plan.start;
  before.end = request.plan.end;
  Problems none;
  const EventPlan same = changed(before, members, none);
  MUST(none.empty() && same.body == before.body && same.start == before.start && same.end == before.end);
  return 0;
}
