// Requests and replies of providers, one file a case, under tests/data.
#pragma once

#include <string>

#include "base/form.h"
#include "base/json.h"
#include "net/transport.h"

namespace calint::test {

// The whole file; both abort where it can't be read.
std::string read_text(const std::string& path);
Json read_sample(const std::string& path);

// Its member "response": status, headers, and a body from "json" or "text".
HttpResponse sample_response(const std::string& path);

// An object of strings, such as a form or a query, sorted by name.
std::vector<FormField> fields_of(const json_t* object);
std::vector<FormField> sorted(std::vector<FormField> fields);

}  // namespace calint::test
