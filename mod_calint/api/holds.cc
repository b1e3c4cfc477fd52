#include "api/holds.h"

#include <fmt/format.h>

#include <algorithm>

#include "api/known_time.h"
#include "api/list_place.h"
#include "base/paths.h"
#include "base/rfc3339.h"
#include "crypto/random.h"
#include "store/holds.h"

namespace calint::api {
namespace {

using availability::Span;
using availability::SysTime;
using std::chrono::seconds;

constexpr size_t kLongestText = 255;
constexpr size_t kIdBytes = 16;
constexpr std::chrono::hours kLongestHold{24};
constexpr std::chrono::minutes kSoonestEnd{1};
constexpr std::chrono::days kLatestEnd{14};

struct Asked {
  std::vector<NamedUser> users;
  Span time{};
  std::string ref;
  SysTime expires_at{};
  bool allow_conflict = false;
};

bool is_hold_id(std::string_view text) { return crypto::is_random_token(text, kIdBytes); }

std::string text_of(Instant at) { return rfc3339_text(std::chrono::floor<seconds>(at)); }

JsonObject as_json(const store::Hold& hold) {
  JsonArray user_ids;
  for (const std::string& id : hold.user_ids) user_ids.add(id);
  JsonObject object;
  object.add("id", hold.id)
      .add("user_ids", user_ids)
      .add("start", text_of(hold.start))
      .add("end", text_of(hold.end))
      .add("ref", hold.ref)
      .add("expires_at", text_of(hold.expires_at))
      .add("created_at", text_of(hold.created_at));
  return object;
}

SysTime expiry(const JsonPlace& place, SysTime now) {
  const auto at = place.time();
  if (at && (*at < now + kSoonestEnd || *at > now + kLatestEnd))
    place.wrong("is not from 1 minute to 14 days from now");
  return at.value_or(SysTime());
}

Asked parse(const Json& tree, SysTime now, Problems& problems) {
  Asked asked;
  JsonMembers members({tree.get(), "", problems});
  asked.users = named_users(members.needed("user_ids"));
  const auto start = members.needed("start").time();
  const JsonPlace end_place = members.needed("end");
  const auto end = end_place.time();
  if (start && end && *end <= *start) end_place.wrong("is not after start");
  if (start && end && *end - *start > kLongestHold) end_place.wrong("is more than 24 hours after start");
  asked.time = {start.value_or(SysTime()), end.value_or(SysTime())};
  asked.ref = members.needed("ref").text(kLongestText).value_or("");
  asked.expires_at = expiry(members.needed("expires_at"), now);
  asked.allow_conflict = members.optional("allow_conflict").boolean().value_or(false);
  members.refuse_others();
  return asked;
}

Response too_many_holds(const Context& context, const std::vector<NamedUser>& users,
                        const std::vector<std::string>& full_up) {
  std::vector<Problem> errors;
  for (const NamedUser& user : users)
    if (std::ranges::find(full_up, user.user_id) != full_up.end())
      errors.push_back({user.pointer, fmt::format("has {} holds already", store::kMostHolds)});
  return context.refuse({.type = "rate_limited",
                         .detail = "somebody has as many holds as there can be: release what isn't needed",
                         .errors = std::move(errors),
                         .retry_after = std::chrono::minutes(1)});
}

// The hold that the path names; or the answer where it has ended, or isn't the caller's.
std::variant<store::Hold, Response> hold_of(const Context& context, Reach reach) {
  auto found = store::find_hold(context.runtime.pool(), context.caller.organization_id, context.id,
                                context.call.deadline);
  if (!found) return context.fail(found.error());
  if (!*found) return context.unknown("");
  if (!context.caller.may_ask_for(reach, (*found)->user_ids)) return context.not_allowed("the hold is about others");
  return std::move(**found);
}

}  // namespace

Response make_hold(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  const Json tree = parse_json(context.call.request.body.reveal(), {}, problems);
  if (!tree) return context.refuse(problems);
  const Asked asked = parse(tree, now_of(context.runtime), problems);
  if (!problems.empty()) return context.refuse(problems);
  auto found = known_time_of(context, reach, asked.users, asked.time);
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);

  store::WantedHold wanted{.organization_id = context.caller.organization_id,
                           .id = crypto::random_token(kIdBytes),
                           .ref = asked.ref,
                           .start = asked.time.start,
                           .end = asked.time.end,
                           .expires_at = asked.expires_at,
                           .allow_conflict = asked.allow_conflict};
  for (const NamedUser& user : asked.users) wanted.user_ids.push_back(user.user_id);
  auto made = store::make_hold(context.runtime.pool(), wanted, context.call.deadline);
  if (!made) return context.fail(made.error());
  if (!made->hold && !made->full_up.empty()) return too_many_holds(context, asked.users, made->full_up);
  if (!made->hold)
    return context.refuse({.type = "conflict", .detail = "somebody's time is taken", .conflicts = made->conflicts});
  JsonObject object = as_json(*made->hold);
  object.add("warnings", warnings_of(context, std::get<store::KnownTime>(found).people, asked.time));
  Response response = json(made->is_new ? 201 : 200, object.text());
  if (made->is_new) response.headers.emplace_back("Location", fmt::format("{}/holds/{}", kApiPath, made->hold->id));
  return response;
}

Response show_hold(const Context& context, Reach reach) {
  context.query.refuse_others();
  if (!context.query.problems().empty()) return context.refuse(context.query.problems());
  auto found = hold_of(context, reach);
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
  return json(200, as_json(std::get<store::Hold>(found)).text());
}

Response put_hold_off(const Context& context, Reach reach) {
  Problems& problems = context.query.problems();
  context.query.refuse_others();
  const Json tree = parse_json(context.call.request.body.reveal(), {}, problems);
  if (!tree) return context.refuse(problems);
  JsonMembers members({tree.get(), "", problems});
  const SysTime at = expiry(members.needed("expires_at"), now_of(context.runtime));
  members.refuse_others();
  if (!problems.empty()) return context.refuse(problems);
  auto found = hold_of(context, reach);
  if (Response* refused = std::get_if<Response>(&found)) return std::move(*refused);
  auto changed = store::put_hold_off(context.runtime.pool(), context.caller.organization_id,
                                     std::get<store::Hold>(found), at, context.call.deadline);
  if (!changed) return context.fail(changed.error());
  return *changed ? json(200, as_json(**changed).text()) : context.unknown("");
}

Response release_hold(const Context& context, Reach reach) {
  context.query.refuse_others();
  if (!context.query.problems().empty()) return context.refuse(context.query.problems());
  if (reach != Reach::organization) {
    // One that has ended says nothing any more of whom it was about.
    auto found = store::find_hold(context.runtime.pool(), context.caller.organization_id, context.id,
                                  context.call.deadline);
    if (!found) return context.fail(found.error());
    if (*found && !context.caller.may_ask_for(reach, (*found)->user_ids))
      return context.not_allowed("the hold is about others");
  }
  auto released = store::release_hold(context.runtime.pool(), context.caller.organization_id, context.id,
                                      context.call.deadline);
  if (!released) return context.fail(released.error());
  if (!*released) return context.unknown("");
  return {.status = 204, .headers = {}, .content_type = {}, .body = {}};
}

Response list_holds(const Context& context, Reach reach) {
  Query& query = context.query;
  const auto ref = query.text("ref", kLongestText);
  const auto limit = query.number("limit", 1, 1000);
  const ListPlace place = list_place(query, is_hold_id);
  query.refuse_others();
  if (!query.problems().empty()) return context.refuse(query.problems());
  const auto most = static_cast<size_t>(limit.value_or(100));
  store::HoldFilter filter{.ref = ref, .after_start = place.start, .after_id = place.id,
                           .most = static_cast<int>(most) + 1};
  if (reach != Reach::organization) filter.user_id = context.caller.user->id;
  auto found = store::list_holds(context.runtime.pool(), context.caller.organization_id, filter, context.call.deadline);
  if (!found) return context.fail(found.error());
  const bool is_more = found->size() > most;
  if (is_more) found->resize(most);
  JsonArray holds;
  for (const store::Hold& hold : *found) holds.add(as_json(hold));
  const JsonValue next = is_more ? JsonValue(list_cursor(found->back().start, found->back().id)) : JsonValue(nullptr);
  return json(200, JsonObject().add("holds", holds).add("next", next).text());
}

}  // namespace calint::api
