#include "caldav_server.h"

#include <algorithm>
#include <utility>

#include "base/url.h"
#include "caldav.h"
#include "calendar/component.h"
#include "provider/caldav/xml.h"
#include "support/check.h"

namespace calint::test {
namespace {

std::string caldav(std::string_view name) { return "{urn:ietf:params:xml:ns:caldav}" + std::string(name); }

std::string header_of(const HttpRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.headers)
    if (lower_case(key) == name) return value;
  return "";
}

std::string escaped(std::string text) {
  for (const auto& [from, to] : {std::pair("&", "&amp;"), std::pair("<", "&lt;"), std::pair("\r", "&#13;")})
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += std::string_view(to).size())
      text.replace(at, 1, to);
  return text;
}

std::string etag(const CalDavServer::Object& object) { return "\"v" + std::to_string(object.version) + "\""; }

const xml::Element* inside(const xml::Element* element, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (element != nullptr) element = element->child(caldav(name));
  return element;
}

// Of the one event of an object.
std::string value_of(const CalDavServer::Object& object, std::string_view property) {
  const auto component = calendar::parse_component(object.text);
  for (const calendar::Component& one : component->components)
    if (one.is("VEVENT")) return one.text(property);
  return "";
}

// Whether the filter of a calendar-query lets it pass (RFC 4791, 9.7). Times in UTC, as these objects have them.
bool passes(const CalDavServer::Object& object, const xml::Element& query) {
  const xml::Element* events = inside(&query, {"filter", "comp-filter", "comp-filter"});
  CHECK(events != nullptr);
  CHECK_EQUAL(events->attribute("name"), "VEVENT");
  for (const xml::Element& one : events->children) {
    if (one.name == caldav("prop-filter")) {
      const std::string value = value_of(object, one.attribute("name"));
      if (value.find(one.child(caldav("text-match"))->text) == std::string::npos) return false;
    } else {
      CHECK_EQUAL(one.name, caldav("time-range"));
      if (value_of(object, "DTSTART") >= one.attribute("end") || value_of(object, "DTEND") <= one.attribute("start"))
        return false;
    }
  }
  return true;
}

// What of an object is asked for (RFC 4791, 9.6): all of it, or those properties of its event.
std::string shown(const CalDavServer::Object& object, const xml::Element* data) {
  const xml::Element* event = inside(data, {"comp", "comp"});
  if (event == nullptr) return object.text;
  calendar::Component part{.name = "VEVENT"};
  for (const xml::Element& one : event->children)
    part.lines.push_back(std::string(one.attribute("name")) + ":" + value_of(object, one.attribute("name")));
  return calendar::to_text({.name = "VCALENDAR", .lines = {"VERSION:2.0"}, .components = {std::move(part)}});
}

std::string response(const std::string& href, const std::string& inner) {
  return "<d:response><d:href>" + href + "</d:href>" + inner + "</d:response>";
}

}  // namespace

Result<HttpResponse> CalDavServer::send(const HttpRequest& request, Deadline) {
  const std::string path = parse_url(request.url).value().path;
  CHECK(request.basic.has_value() && request.basic->user == "avery@icloud.example");
  asked.push_back(request.method + " " + path);
  before(request);
  if (auto other = instead.find(request.method); other != instead.end()) {
    HttpResponse answer = std::move(other->second);
    instead.erase(other);
    return answer;
  }
  const auto& [from, to] = moved;
  if (!from.empty() && path.starts_with(from) && moves_methods.find(request.method) != std::string::npos)
    return redirect_to(to + path.substr(from.size()), 307);
  if (request.method == "GET") return get(path);
  if (request.method == "PUT") return put(request, path);
  if (request.method == "DELETE") return remove(request, path);
  if (request.method == "PROPFIND") return multistatus(response(path, ""));
  if (request.method != "REPORT") return plain(405);
  HttpResponse answer = report(request, path);
  if (request.taker.take && answer.status == request.taker.status) {
    CHECK(request.taker.take(answer.body.reveal()));
    answer.body = Secret();
  }
  return answer;
}

HttpResponse CalDavServer::get(const std::string& path) const {
  const auto found = objects.find(path);
  if (found == objects.end()) return plain(404);
  HttpResponse answer{.status = 200, .headers = {}, .body = Secret(found->second.text)};
  if (names_etags) answer.headers.emplace_back("etag", etag(found->second));
  return answer;
}

Result<HttpResponse> CalDavServer::put(const HttpRequest& request, const std::string& path) {
  const std::string match = header_of(request, "if-match"), none = header_of(request, "if-none-match");
  CHECK(match.empty() != none.empty());
  const Object written{.text = std::string(request.body.reveal())};
  CHECK(calendar::parse_component(written.text).has_value());
  const auto found = objects.find(path);
  if (found == objects.end() ? !match.empty() : match != etag(found->second)) return plain(412);
  for (const auto& [other, one] : objects)
    if (other != path && value_of(one, "UID") == value_of(written, "UID")) return uid_conflict;
  const bool is_new = found == objects.end();
  Object& kept = objects[path];
  kept.text = written.text;
  ++kept.version;
  if (std::exchange(loses_answers, false)) return Error{.fault = Fault::unavailable, .what = "reset"};
  return plain(is_new ? 201 : 204);
}

HttpResponse CalDavServer::remove(const HttpRequest& request, const std::string& path) {
  const auto found = objects.find(path);
  if (found == objects.end()) return plain(404);
  if (header_of(request, "if-match") != etag(found->second)) return plain(412);
  objects.erase(found);
  return plain(204);
}

// RFC 4791, 7.8 and 7.9.
HttpResponse CalDavServer::report(const HttpRequest& request, const std::string& calendar) const {
  CHECK_EQUAL(header_of(request, "depth"), "1");
  const auto asked_for = xml::parse(request.body.reveal());
  CHECK_OK(asked_for);
  const xml::Element& query = *asked_for;
  const bool is_query = query.name == caldav("calendar-query");
  if (is_query && !filters_uids && inside(&query, {"filter", "comp-filter", "comp-filter", "prop-filter"}) != nullptr)
    return plain(412);
  const xml::Element* properties = query.child("{DAV:}prop");
  CHECK(properties != nullptr);
  std::string all;
  const auto show = [&](const std::string& path, const Object& one) {
    std::string values;
    if (properties->child("{DAV:}getetag") != nullptr) values += "<d:getetag>" + etag(one) + "</d:getetag>";
    if (const xml::Element* data = properties->child(caldav("calendar-data")))
      values += "<c:calendar-data>" + escaped(shown(one, data)) + "</c:calendar-data>";
    all += response(path, "<d:propstat><d:prop>" + values +
                              "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>");
  };
  if (is_query) {
    for (const auto& [path, one] : objects)
      if (path.starts_with(calendar) && passes(one, query)) show(path, one);
    return multistatus(all + and_in_reports);
  }
  CHECK_EQUAL(query.name, caldav("calendar-multiget"));
  for (const xml::Element& href : query.children) {
    if (href.name != "{DAV:}href") continue;
    const auto found = objects.find(href.text);
    if (found != objects.end() && href.text.starts_with(calendar)) show(href.text, found->second);
    else all += response(href.text, "<d:status>HTTP/1.1 404 Not Found</d:status>");
  }
  return multistatus(all + and_in_reports);
}

}  // namespace calint::test
