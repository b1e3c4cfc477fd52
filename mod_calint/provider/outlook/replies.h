// What Graph answers to GET /me/calendars (providers.md, 3.7), parsed. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "net/transport.h"
#include "provider/shared/calendar_list.h"

namespace calint::outlook {

// Whether a link of an answer leads where the access token may go.
bool is_at_origin_of(std::string_view link, std::string_view api_url);

// Errors of api_error; unavailable for what isn't JSON; those of provider::read_page, and corrupt for a link to the
// next page that leads away from the origin of `api_url`: the access token goes where it leads. Names are cleaned; what
// isn't well formed is left out.
//
// Graph tells no role: whoever may share a calendar owns it, whoever may edit it may write, anybody else reads. Where
// it doesn't say who may edit, the role is empty, and each calendar has its owner, the account's own as well, until
// with_shared_marked.
Result<provider::CalendarPage> parse_calendar_page(const HttpResponse& response, std::string_view api_url,
                                                   Instant now);

// Of a whole list: a calendar is shared whose owner isn't the default calendar's; the account's own have no owner any
// more, and may be written to where nothing else is said. Without a default calendar that says whose it is, nobody can
// tell: none is shared.
std::vector<Calendar> with_shared_marked(std::vector<Calendar> calendars);

}  // namespace calint::outlook
