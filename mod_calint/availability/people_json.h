// People as `calintctl slots` reads them. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "availability/person.h"
#include "base/request_json.h"

namespace calint::availability {

// As calintctl(8) says.
struct ParsedPeople {
  std::vector<Person> people = {};
  Problems problems = {};
};
ParsedPeople parse_people(std::string_view json);

}  // namespace calint::availability
