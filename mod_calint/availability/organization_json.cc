#include "availability/hours_json.h"

namespace calint::availability {

Problems problems_of_organization_change(std::string_view json) {
  Problems problems;
  const Json tree = parse_json(json, {}, problems);
  if (!tree) return problems;
  JsonMembers members({tree.get(), "", problems});
  parse_week_hours(members.optional("working_hours"));
  parse_date_hours(members.optional("dates"));
  for (const char* name : {"buffer_before", "buffer_after"}) members.optional(name).whole_number(0, 1440);
  for (const char* name : {"tentative", "unanswered", "unknown"}) members.optional(name).one_of({"busy", "free"});
  members.refuse_others();
  return problems;
}

}  // namespace calint::availability
