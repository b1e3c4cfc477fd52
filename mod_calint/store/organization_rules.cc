#include "store/organization_rules.h"

#include "availability/hours_json.h"
#include "store/sql/audit.h"
#include "store/sql/organizations.h"

namespace calint::store {
namespace {

using availability::Rule;

std::optional<Rule> rule_from(const postgres::Rows& rows, const char* column) {
  const auto word = rows.maybe_text(0, column);
  if (!word) return std::nullopt;
  return *word == "free" ? Rule::free : Rule::busy;
}

std::optional<std::chrono::minutes> minutes_from(const postgres::Rows& rows, const char* column) {
  const auto number = rows.maybe_integer(0, column);
  return number ? std::optional(std::chrono::minutes(*number)) : std::nullopt;
}

}  // namespace

Result<OrganizationSettings> settings_from(const postgres::Rows& rows) {
  Problems problems;
  const auto hours_of = [&](const char* column, auto parse) {
    const auto text = rows.maybe_text(0, column);
    const Json tree = text ? parse_json(*text, {}, problems) : nullptr;
    return parse(JsonPlace(tree.get(), column, problems));
  };
  OrganizationSettings settings{.working_hours = hours_of("working_hours", availability::parse_week_hours),
                                .dates = hours_of("dates", availability::parse_date_hours),
                                .buffer_before = minutes_from(rows, "buffer_before"),
                                .buffer_after = minutes_from(rows, "buffer_after"),
                                .tentative = rule_from(rows, "tentative"),
                                .unanswered = rule_from(rows, "unanswered"),
                                .unknown = rule_from(rows, "unknown")};
  if (problems.empty()) return settings;
  const Problem& first = problems.found().front();
  return Error{.fault = Fault::corrupt,
               .what = "calendar_organization_settings can't be used: " + first.pointer + ": " + first.detail};
}

Result<std::string> organization_rules(postgres::Pool& pool, const std::string& organization, Deadline deadline) {
  auto rows = pool.query(sql::find_rules{.organization_id = organization}, deadline);
  if (!rows) return std::move(rows).error();
  return std::string(rows->text(0, "rules"));
}

Status change_organization_rules(postgres::Pool& pool, const std::string& organization, const std::string& change,
                                 const Actor& actor, Deadline deadline) {
  return status_of(pool.transaction({sql::change_rules{.organization_id = organization, .change = change},
                                     sql::audit_rules{.organization_id = organization,
                                                      .actor_id = postgres::or_null(actor.user_id),
                                                      .change = change,
                                                      .ip_address = postgres::or_null(actor.ip_address),
                                                      .user_agent = postgres::or_null(actor.user_agent)}},
                                    deadline));
}

}  // namespace calint::store
