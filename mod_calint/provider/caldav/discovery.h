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
// followed with method and body, five for each address that the search begins at. Errors: the transport's, with
// nothing_sent only where none of the requests left; those of caldav_error and of the replies' parsers; unavailable with
// code "redirects" for a sixth redirect.
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

  // From the entry, and whatever answers there, from its /.well-known/caldav (RFC 6764, 6), unless the password itself
  // was judged or the server is busy. The account's calendars are those of all its homes (RFC 4791, 6.2.1), within the
  // bounds of every list (calendar_list.h); a home that can't be looked into loses no other.
  Result<Found> find();

  // Straight at the homes that were found before. nullopt where the calendars may have moved since: then find() tells.
  std::optional<Result<CalendarList>> look_at(const std::string& memory);

 private:
  using Question = HttpRequest (*)(const Url&, const BasicCredentials&);
  struct Answer {
    Url url;  // that answered
    HttpResponse response;
    bool is_left_out = false;  // it was past the bounds, and isn't kept
  };

  bool allows(const Url& url) const;
  Result<HttpResponse> send(const Url& url, Question question);
  Result<Answer> ask(Url url, Question question);
  Answer within_bounds(Answer answer);
  Result<std::optional<Url>> principal_at(const Url& url);
  Result<Url> find_principal();
  Result<std::vector<Url>> find_homes(const Url& principal);
  Result<CalendarList> list_in(const std::vector<Answer>& homes, const std::string& principal) const;

  Parts parts_;
  int redirects_ = 0;
  bool sent_ = false;
  bool unanswered_ = false;  // a request got no answer
  size_t list_bytes_ = 0;    // of the homes' answers
  std::vector<std::string> addresses_;  // of the account
};

}  // namespace calint::caldav
