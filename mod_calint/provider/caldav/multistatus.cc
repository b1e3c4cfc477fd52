#include "provider/caldav/multistatus.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/encoding.h"
#include "base/text.h"

namespace calint::dav {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Of the <status> in `element`, a line such as "HTTP/1.1 200 OK". 200 where there is none.
std::optional<int> status_in(const xml::Element& element) {
  const xml::Element* status = element.child("{DAV:}status");
  if (status == nullptr) return 200;
  std::string_view line = trimmed(status->text);
  const size_t blank = line.find(' ');
  if (!line.starts_with("HTTP/") || blank == std::string_view::npos) return std::nullopt;
  line = line.substr(blank + 1, 3);
  if (line.size() != 3 || !std::all_of(line.begin(), line.end(), is_digit)) return std::nullopt;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

// False where a status can't be read.
bool add_properties(Response& response, xml::Element& propstat) {
  const auto status = status_in(propstat);
  if (!status) return false;
  if (*status / 100 == 5) response.property_failure = *status;
  if (*status / 100 != 2) return true;
  std::vector<xml::Element>& properties = response.properties;
  for (xml::Element& one : propstat.children)
    if (one.name == "{DAV:}prop")
      properties.insert(properties.end(), std::make_move_iterator(one.children.begin()),
                        std::make_move_iterator(one.children.end()));
  return true;
}

Result<Response> response_from(xml::Element& element) {
  const auto status = status_in(element);
  if (!status) return unusable_answer("has a status that can't be read");
  Response response{.href = std::string(href_in(&element)), .status = *status};
  for (xml::Element& one : element.children)
    if (one.name == "{DAV:}propstat" && !add_properties(response, one))
      return unusable_answer("has a status that can't be read");
  return response;
}

}  // namespace

const xml::Element* Response::property(std::string_view name) const {
  for (const xml::Element& one : properties)
    if (one.name == name) return &one;
  return nullptr;
}

Result<std::vector<Response>> parse_multistatus(const HttpResponse& response) {
  auto root = xml::parse(response.body.reveal());
  if (!root) return unusable_answer("can't be used: " + root.error().what);
  if (root->name != "{DAV:}multistatus") return unusable_answer("isn't a multistatus");
  std::vector<Response> responses;
  for (xml::Element& one : root->children) {
    if (one.name != "{DAV:}response") continue;
    auto read = response_from(one);
    if (!read) return std::move(read).error();
    responses.push_back(std::move(*read));
  }
  return responses;
}

std::string_view href_in(const xml::Element* property) {
  const xml::Element* href = property == nullptr ? nullptr : property->child("{DAV:}href");
  return href == nullptr ? std::string_view() : trimmed(href->text);
}

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
