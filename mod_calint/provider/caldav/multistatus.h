// WebDAV's answers about several resources (RFC 4918, section 13). Pure.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/transport.h"
#include "provider/caldav/xml.h"

namespace calint::dav {

// One resource's. Names are as in xml::Element.
struct Response {
  std::string href;                      // as received, without the blanks around it
  int status = 200;                      // of the whole resource, where the server gives one that can be read
  int property_failure = 0;              // a status 5xx of properties that aren't shown for the moment; 0: none
  int property_refusal = 0;              // a status 4xx of properties that it doesn't have, or doesn't show; 0: none
  std::vector<xml::Element> properties;  // those with status 2xx, of all its propstats
  // Of it or its properties, those that weren't met, by their local names: servers aren't sure of the namespace.
  std::vector<std::string> conditions = {};

  // The resource's status, or that of what it can't say for the moment; 0: it is well. A property that it doesn't have
  // is no failure.
  int failure() const { return status / 100 == 2 ? property_failure : status; }

  bool misses(std::string_view condition) const;

  // nullptr where the resource doesn't have it, or doesn't show it.
  const xml::Element* property(std::string_view name) const;
};

// What a 207 says, in its order, however its content is labelled. corrupt with code "caldav" where the body isn't a
// multistatus that xml::parse takes.
Result<std::vector<Response>> parse_multistatus(const HttpResponse& response);

// The same of one that is a list: where it has more elements than that, the responses that are whole by then.
struct Responses {
  std::vector<Response> responses;
  bool is_cut = false;
};
Result<Responses> parse_long_multistatus(const HttpResponse& response);

// The same of one that comes piece by piece: each response is handed over as soon as it is whole.
class MultistatusStream {
 public:
  explicit MultistatusStream(std::function<void(Response response)> take);

  // false where it can't become one; no more is read then.
  bool feed(std::string_view piece) { return stream_.feed(piece); }

  // Once all of it was fed: its sync-token (RFC 6578, 6.4), "" where there is none. corrupt with code "caldav" as
  // above.
  Result<std::string> finish();

 private:
  std::string sync_token_;
  xml::Stream stream_;
};

// The text of the href inside of `property`, without the blanks around it; "" where there is none, or no property.
std::string_view href_in(const xml::Element* property);

// Its name without the namespace.
std::string local_name(const xml::Element& element);

// The path of an href, by which two of them are compared (providers.md, 4.5): percent-decoded, without scheme, host
// and the slash at its end. What has a broken escape stays as it is.
std::string href_key(std::string_view href);

// The corrupt error of an answer that can't be used, with code "caldav"; `why` goes on after "the CalDAV answer".
Error unusable_answer(std::string_view why);

}  // namespace calint::dav
