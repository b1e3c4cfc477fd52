#include "provider/caldav/multistatus.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/encoding.h"
#include "base/text.h"

namespace calint::dav {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Of the <status> in `element`, a line such as "HTTP/1.1 200 OK". 200 where nothing is said that can be read.
int status_in(const xml::Element& element) {
  const xml::Element* status = element.child("{DAV:}status");
  if (status == nullptr) return 200;
  std::string_view line = trimmed(status->text);
  if (line.starts_with("HTTP/")) line = trimmed(line.substr(std::min(line.find(' '), line.size())));
  const std::string_view digits = line.substr(0, 3);
  if (digits.size() != 3 || !std::all_of(digits.begin(), digits.end(), is_digit)) return 200;
  return (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
}

void add_conditions(Response& response, const xml::Element& element) {
  const xml::Element* error = element.child("{DAV:}error");
  if (error == nullptr) return;
  for (const xml::Element& one : error->children) response.conditions.push_back(local_name(one));
}

void add_properties(Response& response, xml::Element& propstat) {
  add_conditions(response, propstat);
  const int status = status_in(propstat);
  if (status / 100 == 5) response.property_failure = status;
  if (status / 100 == 4) response.property_refusal = status;
  if (status / 100 != 2) return;
  std::vector<xml::Element>& properties = response.properties;
  for (xml::Element& one : propstat.children)
    if (one.name == "{DAV:}prop")
      properties.insert(properties.end(), std::make_move_iterator(one.children.begin()),
                        std::make_move_iterator(one.children.end()));
}

// A status may be that of several resources (RFC 4918, 14.24).
void add_responses(std::vector<Response>& responses, xml::Element& element) {
  const size_t first = responses.size();
  for (const xml::Element& one : element.children)
    if (one.name == "{DAV:}href")
      responses.push_back({.href = std::string(trimmed(one.text)), .status = status_in(element)});
  if (responses.size() == first) responses.push_back({.status = status_in(element)});
  add_conditions(responses[first], element);
  for (xml::Element& one : element.children)
    if (one.name == "{DAV:}propstat") add_properties(responses[first], one);
}

}  // namespace

bool Response::misses(std::string_view condition) const {
  return std::find(conditions.begin(), conditions.end(), condition) != conditions.end();
}

const xml::Element* Response::property(std::string_view name) const {
  for (const xml::Element& one : properties)
    if (one.name == name) return &one;
  return nullptr;
}

namespace {

Result<std::vector<Response>> responses_in(Result<xml::Element> root) {
  if (!root) return unusable_answer("can't be used: " + root.error().what);
  if (root->name != "{DAV:}multistatus") return unusable_answer("isn't a multistatus");
  std::vector<Response> responses;
  for (xml::Element& one : root->children)
    if (one.name == "{DAV:}response") add_responses(responses, one);
  return responses;
}

}  // namespace

Result<std::vector<Response>> parse_multistatus(const HttpResponse& response) {
  return responses_in(xml::parse(response.body.reveal()));
}

Result<Responses> parse_long_multistatus(const HttpResponse& response) {
  bool is_cut = false;
  auto responses = responses_in(xml::parse_beginning(response.body.reveal(), is_cut));
  if (!responses) return std::move(responses).error();
  return Responses{.responses = std::move(*responses), .is_cut = is_cut};
}

MultistatusStream::MultistatusStream(std::function<void(Response response)> take)
    : stream_([this, take = std::move(take)](xml::Element child) {
        if (child.name == "{DAV:}sync-token") sync_token_ = std::string(trimmed(child.text));
        if (child.name != "{DAV:}response") return;
        std::vector<Response> responses;
        add_responses(responses, child);
        for (Response& one : responses) take(std::move(one));
      }) {}

Result<std::string> MultistatusStream::finish() {
  auto root = stream_.finish();
  if (!root) return unusable_answer("can't be used: " + root.error().what);
  if (*root != "{DAV:}multistatus") return unusable_answer("isn't a multistatus");
  return std::move(sync_token_);
}

std::string_view href_in(const xml::Element* property) {
  const xml::Element* href = property == nullptr ? nullptr : property->child("{DAV:}href");
  return href == nullptr ? std::string_view() : trimmed(href->text);
}

std::string local_name(const xml::Element& element) { return element.name.substr(element.name.find('}') + 1); }

std::string href_key(std::string_view href) {
  if (const size_t scheme = href.find("://"); scheme != std::string_view::npos && !href.starts_with('/')) {
    const size_t path = href.find('/', scheme + 3);
    href = path == std::string_view::npos ? std::string_view() : href.substr(path);
  }
  std::string key = percent_decode(href).value_or(std::string(href));
  while (key.ends_with('/')) key.pop_back();
  return key;
}

Error unusable_answer(std::string_view why) {
  return Error{.fault = Fault::corrupt, .what = std::string("the CalDAV answer ").append(why), .code = "caldav"};
}

}  // namespace calint::dav
