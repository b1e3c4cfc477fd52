#include "api/events.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/event_json.h"
#include "api/event_request.h"
#include "api/list_place.h"
#include "base/paths.h"
#include "interviews/interviews.h"
#include "store/holds.h"
#include "store/users.h"

namespace calint::api {
namespace {

using availability::Span;
using store::Interview;
using store::InterviewStatus;

constexpr size_t kLongestRef = 255;
constexpr size_t kIdDigits = 32;
// How often a call is tried that others come before.
constexpr int kTries = 5;

bool is_event_id(std::string_view text) {
  return text.size() == kIdDigits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Span span_of(const EventPlan& plan) {
  return {std::chrono::floor<std::chrono::seconds>(plan.start), std::chrono::floor<std::chrono::seconds>(plan.end)};
}

store::Actor actor_of(const Context& context) {
  const Request& request = context.call.request;
  return {.user_id = context.caller.user ? context.caller.user->id : "",
          .ip_address = request.remote_ip,
          .user_agent = request.user_agent};
}

// Organiser and interviewers, some perhaps twice.
std::vector<std::string> people_of(const Interview& interview) {
  std::vector<std::string> ids = interview.body.interviewer_ids;
  ids.push_back(interview.user_id);
  return ids;
}

Response about_others(const Context& context) { return context.not_allowed("the interview is about others"); }

// The interview that the path names; or the answer where there is none, or it isn't the caller's.
std::variant<Interview, Response> event_of(const Context& context, Reach reach) {
  if (!is_event_id(context.id)) return context.unknown("");
  auto found = store::find_interview(context.runtime.pool(), context.caller.organization_id, context.id,
                                     context.call.deadline);
  if (!found) return context.fail(found.error());
  if (!*found) return context.unknown("");
  if (!context.caller.may_ask_for(reach, people_of(**found))) return about_others(context);
  return std::move(**found);
}

// Where a request names these people.
std::vector<Problem> places_of(const std::vector<std::string>& user_ids, const store::InterviewBody& body,
                               const char* detail) {
  std::vector<Problem> places;
  for (const std::string& id : user_ids) {
    const auto found = std::find(body.interviewer_ids.begin(), body.interviewer_ids.end(), id);
    const bool is_interviewer = found != body.interviewer_ids.end();
    places.push_back({is_interviewer ? fmt::format("/interviewer_ids/{}", found - body.interviewer_ids.begin())
                                     : std::string("/user_id"),
                      detail});
  }
  return places;
}

Response refused(const Context& context, const interviews::Refusal& refusal, const store::InterviewBody& body) {
  using interviews::Refused;
  switch (refusal.why) {
    case Refused::unknown_person:
      return context.refuse(
          {.type = "not_found", .errors = places_of(refusal.user_ids, body, "is not known here")});
    case Refused::not_connected: return context.refuse({.type = "not_connected"});
    case Refused::no_destination: return context.refuse({.type = "no_destination"});
    case Refused::conference_unsupported:
      return context.refuse({.type = "conference_unsupported",
                             .errors = {{"/conference", "is not made by the organiser's provider"}}});
    case Refused::hides_no_guests:
      return context.refuse({.type = "invalid_request",
                             .errors = {{"/hide_guests", "is not what the organiser's provider can do"}},
                             .status = 422});
    case Refused::no_address:
      return context.refuse({.type = "invalid_request",
                             .errors = places_of(refusal.user_ids, body, "has no address to be invited under"),
                             .status = 422});
    case Refused::too_many_guests:
      return context.refuse({.type = "invalid_request",
                             .errors = {{"/attendees", "are too many, together with the interviewers"}}});
    case Refused::ref_in_use: return context.refuse({.type = "ref_in_use"});
    case Refused::hold_expired: return context.refuse({.type = "hold_expired"});
    case Refused::conflict:
      return context.refuse(
          {.type = "conflict", .detail = "somebody's time is taken", .conflicts = refusal.conflicts});
    case Refused::changed_meanwhile:
      return context.refuse({.type = "conflict", .detail = "another change came first"});
    case Refused::deleted_in_calendar: return context.refuse({.type = "deleted_in_calendar"});
    case Refused::organiser_disconnected: return context.refuse({.type = "organiser_disconnected"});
    case Refused::cancelled: return context.refuse({.type = "conflict", .detail = "the interview was cancelled"});
  }
  return context.refuse({.type = "internal"});
}

bool is_outrun(const std::variant<interviews::Stored, interviews::Refusal>& outcome) {
  const auto* refusal = std::get_if<interviews::Refusal>(&outcome);
  return refusal != nullptr && refusal->why == interviews::Refused::changed_meanwhile;
}

Response changed_since(const Context& context) { return context.refuse({.type = "precondition_failed"}); }

// Whoever may only book for themselves can't use others' holds up; with a hold go all of its ref.
std::optional<Response> refuse_hold(const Context& context, Reach reach, const std::string& hold_id) {
  if (hold_id.empty() || reach == Reach::organization) return std::nullopt;
  const std::string& organization = context.caller.organization_id;
  auto hold = store::find_hold(context.runtime.pool(), organization, hold_id, context.call.deadline);
  if (!hold) return context.fail(hold.error());
  if (!*hold) return std::nullopt;
  auto alike = store::list_holds(context.runtime.pool(), organization,
                                 {.ref = (*hold)->ref, .after_start = ListPlace().start, .most = store::kMostHolds + 1},
                                 context.call.deadline);
  if (!alike) return context.fail(alike.error());
  for (const store::Hold& one : *alike)
    if (!context.caller.may_ask_for(reach, one.user_ids))
      return context.refuse({.type = "forbidden",
                             .detail = "only schedulers and administrators may use holds of others",
                             .errors = {{"/hold_id", "is about others"}}});
  return std::nullopt;
}

Response answer(int status, const Interview& interview, const JsonArray& warnings) {
  JsonObject object = as_json(interview);
  object.add("warnings", warnings);
  Response response = json(status, object.text());
  response.headers.emplace_back("Location", fmt::format("{}/events/{}", kApiPath, interview.id));
  response.headers.emplace_back("ETag", entity_tag(interview));
  return response;
}

// Of interviewers alone: nobody else's time is looked at.
JsonArray warnings_about(const Context& context, store::KnownTime known, const EventPlan& plan) {
  const auto& ids = plan.body.interviewer_ids;
  std::erase_if(known.people, [&](const availability::PersonRead& person) {
    return std::find(ids.begin(), ids.end(), person.user_id) == ids.end();
  });
  return warnings_of(context, known.people, span_of(plan));
}

// The same of an interview that is to be another; or the answer to the call for an interviewer whom it names.
std::variant<JsonArray, Response> warnings_of_change(const Context& context, Reach reach, const Interview& before,
                                                     const EventMembers& members, const EventPlan& plan) {
  if (members.interviewers && !members.interviewers->empty()) {
    auto found = known_time_of(context, reach, *members.interviewers, span_of(plan));
    if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
    return warnings_about(context, std::move(std::get<store::KnownTime>(found)), plan);
  }
  const auto& ids = plan.body.interviewer_ids;
  if (plan.start == before.start && plan.end == before.end && ids == before.body.interviewer_ids) return JsonArray();
  auto known = store::read_known_time(context.runtime.pool(), context.caller.organization_id, ids, span_of(plan),
                                      std::nullopt, context.call.deadline);
  if (!known) return context.fail(known.error());
  return warnings_about(context, std::move(*known), plan);
}

}  // namespace

Response make_event(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  const Json tree = parse_json(context.call.request.body.reveal(), {}, problems);
  if (!tree) return context.refuse(problems);
  const EventRequest asked = parse_event_request(tree.get(), now_of(context.runtime), problems);
  if (!problems.empty()) return context.refuse(problems);
  auto known = known_time_of(context, reach, asked.users, span_of(asked.plan));
  if (Response* refused = std::get_if<Response>(&known)) return std::move(*refused);
  if (auto refused = refuse_hold(context, reach, asked.hold_id)) return std::move(*refused);

  const interviews::Booking booking{.organization_id = context.caller.organization_id,
                                    .user_id = asked.user_id,
                                    .interview_ref = asked.interview_ref,
                                    .body = asked.plan.body,
                                    .start = asked.plan.start,
                                    .end = asked.plan.end,
                                    .hold_id = asked.hold_id,
                                    .allow_conflict = asked.allow_conflict,
                                    .actor = actor_of(context)};
  auto booked = interviews::book(context.runtime, context.call, booking);
  // Its organiser has another connection or another calendar by now.
  for (int left = kTries; booked && is_outrun(*booked) && left > 1; --left)
    booked = interviews::book(context.runtime, context.call, booking);
  if (!booked) return context.fail(booked.error());
  if (const auto* refusal = std::get_if<interviews::Refusal>(&*booked))
    return refused(context, *refusal, asked.plan.body);
  const auto& [interview, is_new] = std::get<interviews::Stored>(*booked);
  // Somebody else may have changed whom it is about.
  if (!is_new && !context.caller.may_ask_for(reach, people_of(interview))) return about_others(context);
  const bool is_done = is_new ? interview.status == InterviewStatus::confirmed
                              : interview.status != InterviewStatus::pending;
  return answer(!is_done ? 202 : is_new ? 201 : 200, interview,
                warnings_about(context, std::move(std::get<store::KnownTime>(known)), asked.plan));
}

Response show_event(const Context& context, Reach reach) {
  context.query.refuse_others();
  if (!context.query.problems().empty()) return context.refuse(context.query.problems());
  auto found = event_of(context, reach);
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
  const Interview& interview = std::get<Interview>(found);
  // For If-Match: what else is in the answer may have changed under the same tag.
  Response response = json(200, as_json(interview).text());
  response.headers.emplace_back("ETag", entity_tag(interview));
  return response;
}

Response change_event(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  const Json tree = parse_json(context.call.request.body.reveal(), {}, problems);
  if (!tree) return context.refuse(problems);
  const EventMembers members = parse_event_change(tree.get(), now_of(context.runtime), problems);
  if (!problems.empty()) return context.refuse(problems);
  for (int left = kTries;; --left) {
    auto found = event_of(context, reach);
    if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
    const Interview& before = std::get<Interview>(found);
    if (!fits(context.call, entity_tag(before))) return changed_since(context);
    const EventPlan plan = changed(before, members, problems);
    if (!problems.empty()) return context.refuse(problems);
    auto warnings = warnings_of_change(context, reach, before, members, plan);
    if (Response* refused = std::get_if<Response>(&warnings)) return std::move(*refused);
    auto stored = interviews::change(context.runtime, context.call,
                                     {.before = before,
                                      .body = plan.body,
                                      .start = plan.start,
                                      .end = plan.end,
                                      .names_time = members.start || members.end,
                                      .allow_conflict = members.allow_conflict,
                                      .actor = actor_of(context)});
    if (!stored) return context.fail(stored.error());
    if (const auto* refusal = std::get_if<interviews::Refusal>(&*stored)) {
      if (is_outrun(*stored) && left > 1) continue;
      return refused(context, *refusal, plan.body);
    }
    const Interview& interview = std::get<interviews::Stored>(*stored).interview;
    return answer(interview.status == InterviewStatus::confirmed ? 200 : 202, interview,
                  std::get<JsonArray>(warnings));
  }
}

Response cancel_event(const Context& context, Reach reach) {
  context.query.refuse_others();
  if (!context.query.problems().empty()) return context.refuse(context.query.problems());
  if (!is_event_id(context.id)) return context.unknown("");
  const bool is_conditional = !context.call.request.if_match.empty();
  for (int left = kTries;; --left) {
    std::optional<int64_t> version;
    if (is_conditional || reach != Reach::organization) {
      auto found = event_of(context, reach);
      if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
      const Interview& before = std::get<Interview>(found);
      // One that has ended already is as it was asked for (RFC 9110, 13.1.1).
      const bool has_ended = before.status == InterviewStatus::cancelled;
      if (!has_ended && !fits(context.call, entity_tag(before))) return changed_since(context);
      if (is_conditional && !has_ended) version = before.version;
    }
    auto cancelled = interviews::cancel(context.runtime, context.call, context.caller.organization_id, context.id,
                                        version, actor_of(context));
    if (!cancelled) return context.fail(cancelled.error());
    if (!*cancelled) return context.unknown("");
    if ((*cancelled)->status == InterviewStatus::cancelled)
      return {.status = 204, .headers = {}, .content_type = {}, .body = {}};
    if (left == 1) return changed_since(context);
  }
}

Response list_events(const Context& context, Reach reach) {
  Query& query = context.query;
  const auto ref = query.text("interview_ref", kLongestRef);
  const auto user_id = query.text("user_id", kLongestUserId);
  const auto from = query.time("from");
  const auto to = query.time("to");
  if (from && to && *to <= *from) query.problems().add("/to", "is not after from");
  const auto limit = query.number("limit", 1, 1000);
  const ListPlace place = list_place(query, is_event_id);
  query.refuse_others();
  if (!query.problems().empty()) return context.refuse(query.problems());
  const bool is_about_another = user_id && !context.caller.may_ask_for(reach, *user_id);
  const auto most = static_cast<size_t>(limit.value_or(100));
  store::InterviewFilter filter{.interview_ref = ref, .user_id = user_id,
                                .is_about_one_alone = reach != Reach::organization,
                                .from = from, .to = to, .after_start = place.start, .after_id = place.id,
                                .most = static_cast<int>(most) + 1};
  if (reach != Reach::organization) filter.user_id = context.caller.user->id;
  Result<std::vector<Interview>> found = std::vector<Interview>();
  if (!is_about_another) {
    found = store::list_interviews(context.runtime.pool(), context.caller.organization_id, filter,
                                   context.call.deadline);
    if (!found) return context.fail(found.error());
  }
  // Whoever has left may still be listed; who was never here, or is a colleague, isn't.
  if (user_id && found->empty()) {
    auto known = store::find_active_users(context.runtime.pool(), context.caller.organization_id, {*user_id},
                                          context.call.deadline);
    if (!known) return context.fail(known.error());
    if (known->empty()) return context.unknown("/user_id");
    if (is_about_another)
      return context.refuse({.type = "forbidden",
                             .detail = "only schedulers and administrators may ask for others",
                             .errors = {{"/user_id", "is somebody else"}}});
  }
  const bool is_more = found->size() > most;
  if (is_more) found->resize(most);
  JsonArray events;
  for (const Interview& interview : *found) events.add(as_json(interview));
  const JsonValue next = is_more ? JsonValue(list_cursor(found->back().start, found->back().id)) : JsonValue(nullptr);
  return json(200, JsonObject().add("events", events).add("next", next).text());
}

}  // namespace calint::api
