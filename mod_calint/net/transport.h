// The seam to the outside world: one HTTP exchange. An HTTP status of any kind is an answer; an Error
// means that there was none.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace calint {

// RFC 7617. Both are UTF-8 without control bytes; `user` has no ':'.
struct BasicCredentials {
  std::string user;
  Secret password;
};

// Takes the body of an answer as it comes, once decompressed, instead of HttpResponse::body.
struct BodyTaker {
  int status = 0;                                    // of the answers whose body it takes; others' are kept
  std::function<bool(std::string_view piece)> take;  // false: the rest isn't wanted, and the answer is an error
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;                                            // absolute; carries no secret
  std::vector<std::pair<std::string, std::string>> headers;   // without Authorization
  std::optional<Secret> bearer;                               // sent as "Authorization: Bearer ..." (RFC 6750, 2.1)
  std::optional<BasicCredentials> basic;                      // instead of `bearer`; sent unasked, a 401 ends it
  Secret body;                                                // may hold codes, tokens and secrets
  size_t max_answer_bytes = 1 << 20;                          // a longer answer (also once decompressed) is an error
  BodyTaker taker = {};                                       // called by send() alone, in the thread that calls it
};

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;   // names in lower case, in order
  Secret body;

  // First value of the header, or "" where it isn't there. `name` in lower case.
  std::string_view header(std::string_view name) const;
  // Whether a header of this name, which may come several times, says `part` somewhere. Both in lower case.
  bool says(std::string_view name, std::string_view part) const;
  // Retry-After as seconds from `now` (RFC 9110, 10.2.3: delta or HTTP date); 0 if absent or unusable;
  // at most a day.
  std::chrono::seconds retry_after(Instant now) const;
  // When the server says that it answered (RFC 9110, 6.6.1), to the second; nothing if absent or unusable.
  std::optional<Instant> date() const;
  // The media type without parameters, in lower case.
  std::string media_type() const;
};

// Implementations are safe to call from any number of threads. TLS is verified always; redirects are
// never followed. Errors: unavailable (DNS, connect, TLS, time-out, too long an answer, deadline), with
// nothing_sent where surely no byte of the request left; stopping where this process ends; bad_input for a URL that
// isn't allowed.
class Transport {
 public:
  virtual ~Transport() = default;
  virtual Result<HttpResponse> send(const HttpRequest& request, Deadline deadline) = 0;
};

}  // namespace calint
