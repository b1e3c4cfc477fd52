// The form of an organisation's rules: what is set, as it stands in the fields, and what was typed, as a change. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/form.h"

namespace calint::site {

// The working hours of each day, then the rest; the names are the form's and the rules' own.
inline constexpr size_t kWeekdays = 7, kBuffers = 2, kChoices = 3;
inline constexpr std::array<std::string_view, kWeekdays + kBuffers + kChoices> kRulesFields = {
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "buffer_before", "buffer_after", "tentative", "unanswered",
    "unknown"};

// Texts in the order of kRulesFields; empty: not set, or no hours on that day.
using RulesValues = std::array<std::string, kRulesFields.size()>;

// Of a JSON object as store::organization_rules() has it.
RulesValues rules_as_set(std::string_view rules);

// As typed, without the blanks around it; nullopt where a field isn't there once.
std::optional<RulesValues> typed_rules(const std::vector<FormField>& fields);

struct RulesChange {
  std::string change;                               // for store::change_organization_rules(); empty: nothing changes
  std::array<bool, kRulesFields.size()> wrong = {};  // these can't be as they were typed
  bool ok() const;
};
// Dates stay as they are.
RulesChange rules_change(const RulesValues& as_set, const RulesValues& typed);

}  // namespace calint::site
