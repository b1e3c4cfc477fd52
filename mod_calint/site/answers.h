// Responses, and what a fault looks like to a person.
#pragma once

#include <string>

#include "base/words.h"
#include "pages/pages.h"
#include "runtime/runtime.h"
#include "site/exchange.h"

namespace calint::site {

enum class PageKind { with_forms, without_forms };

// Headers that every answer of ours carries: no caching, no referrer to other sites (and none at all where no form
// needs it), no sniffing, and a content security policy that allows our stylesheet and nothing else. `form_origin` is
// where a form's POST may be redirected to, which browsers hold against form-action ("" where there is none).
Response page(const Runtime& runtime, PageKind kind, int status, std::string html,
              const std::string& form_origin = {});

// 302 starts a flow; 303 ends a POST or a callback.
Response redirect(int status, const std::string& location);

Response message(const Runtime& runtime, const Visit& visit, int status, pages::MessagePage page);

// The answer to an error, with its log line: what a person can do about it, never what the error says inside.
Response failure(const Runtime& runtime, const Visit& visit, const Error& error);

// What a person asked for on the settings page, and did a moment ago, wasn't done: 303 to that page, which says so.
Response too_soon(const Visit& visit);

Response method_not_allowed(const std::string& allow);

// 303 to `path` with calint_notice=`notice`.
Response finish_at(const std::string& path, Notice notice);

}  // namespace calint::site
