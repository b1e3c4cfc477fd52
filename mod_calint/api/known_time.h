// The time of people whom a call names.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "api/context.h"
#include "store/known_time.h"

namespace calint::api {

inline constexpr size_t kLongestUserId = 255;

struct NamedUser {
  std::string user_id;
  std::string pointer;  // where the call names them first
};

// A list of 1 to 50 of them, no two alike; whatever else it is, is a problem.
std::vector<NamedUser> named_users(const JsonPlace& place);

// What is known of all of them, in their order; or the answer to the call: 404 where one isn't known to the
// organisation, 403 where one is somebody whom this caller may not ask for. No two of `users` are alike. With `ours`
// their holds come too.
std::variant<store::KnownTime, Response> known_time_of(const Context& context, Reach reach,
                                                       const std::vector<NamedUser>& users,
                                                       const availability::Span& range,
                                                       const std::optional<availability::Span>& ours = std::nullopt);

// `warnings` of an answer: what of `time` isn't known of these people, which is no conflict.
JsonArray warnings_of(const Context& context, const std::vector<availability::PersonRead>& people,
                      const availability::Span& time);

availability::OrganizationRules rules_of(const Runtime& runtime, const store::OrganizationSettings& settings);
availability::Ages ages_of(const Runtime& runtime);
availability::SysTime now_of(const Runtime& runtime);

}  // namespace calint::api
