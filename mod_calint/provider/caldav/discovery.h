// The way from an address and a password to an account's calendars (RFC 6764, 5397, 4791; providers.md, 4.4).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/url.h"
#include "net/transport.h"
#include "provider/provider.h"

namespace calint::caldav {

struct Found {
  std::string principal;  // its path, as dav::href_key
  CalendarList list;
};

// One call's. The password goes to hosts that may_get_password() names, whatever redirects and hrefs say; redirects are
// followed with method and body, five in all. Errors: the transport's, with nothing_sent only where none of the
// requests left; those of apple_errors and apple_replies; unavailable with code "redirects" for a sixth redirect.
class Discovery {
 public:
  struct Parts {
    Transport& transport;
    Url entry;                                 // where an account's discovery begins
    const std::vector<std::string>& hosts;     // patterns; outlive this
    BasicCredentials credentials;
    Instant now;
    Deadline deadline;
  };
  explicit Discovery(Parts parts) : parts_(std::move(parts)) {}

  // From the entry; where that doesn't know the account, from its /.well-known/caldav.
  Result<Found> find();

  // Straight at a home that was found before. nullopt where the calendars may have moved since: then find() tells.
  std::optional<Result<CalendarList>> look_at(const std::string& home_url);

 private:
  using Question = HttpRequest (*)(const Url&, const BasicCredentials&);
  struct Answer {
    Url url;  // that answered
    HttpResponse response;
  };

  bool allows(const Url& url) const;
  Result<HttpResponse> send(const Url& url, Question question);
  Result<Answer> ask(Url url, Question question);
  Result<std::optional<Url>> principal_at(const Url& url);
  Result<Url> find_principal();
  Result<Url> find_home(const Url& principal);
  Result<CalendarList> list_in(const Answer& answer, std::string principal) const;

  Parts parts_;
  int redirects_ = 0;
  bool sent_ = false;
};

}  // namespace calint::caldav
