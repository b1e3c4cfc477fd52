// Responses of the interface: JSON, and problems (RFC 9457).
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.h"
#include "base/json_writer.h"
#include "base/request_json.h"
#include "runtime/runtime.h"

namespace calint::api {

// Why a call isn't done.
struct Refusal {
  std::string_view type;                   // of problem_types.h
  std::string detail = {};                 // one line for people, without anything that was sent
  std::vector<Problem> errors = {};        // where the request is wrong
  std::chrono::seconds retry_after{0};     // 0: coming back won't help
  std::string conflicts = {};              // JSON; empty: none
  int status = 0;                          // 0: the type's own
};

// With a log line.
Response refuse(const Runtime& runtime, const ApiCall& call, const Refusal& refusal);

// invalid_request, which names every place.
Response refuse(const Runtime& runtime, const ApiCall& call, const Problems& problems);

// The answer to an error, with its log line: never what the error says inside.
Response failure(const Runtime& runtime, const ApiCall& call, const Error& error);

Response json(int status, std::string text);

// 200 with an entity tag of the text, or 304 where If-None-Match has that already.
Response tagged(const ApiCall& call, std::string content_type, std::string text);
// The same of a text that differs each time by what doesn't matter: the tag, a weak one, is of `meaning`.
Response tagged(const ApiCall& call, std::string content_type, std::string text, std::string_view meaning);

// Whether If-Match is left out, or has this entity tag.
bool fits(const ApiCall& call, std::string_view tag);

// An answer of any door to the ATS carries these.
void protect(Response& response, const std::string& request_id);

}  // namespace calint::api
