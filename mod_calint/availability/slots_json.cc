#include "availability/slots_json.h"

#include <fmt/format.h>

#include <iterator>

#include "base/request_json.h"
#include "base/rfc3339.h"

namespace calint::availability {
namespace {

std::string_view to_string(Rule rule) { return rule == Rule::free ? "free" : "busy"; }

std::string_view to_string(HoursFrom from) {
  switch (from) {
    case HoursFrom::request: return "request";
    case HoursFrom::organization: return "organization";
    case HoursFrom::standard: return "default";
  }
  return "";
}

// Writes as it goes: an answer may have every minute of 91 days.
class Writer {
 public:
  explicit Writer(const SlotAnswer& answer) : answer_(answer) {
    for (const AskedPerson& person : answer.people) ids_.push_back(json_quoted(person.user_id));
  }

  std::string write() {
    list("{\"slots\":[", answer_.slots, [&](const Slot& slot) { write_slot(slot); });
    add("],\"next\":{}", answer_.next ? json_quoted(*answer_.next) : "null");
    list(",\"people\":[", answer_.people, [&](const AskedPerson& person) { write_person(person); });
    add("],\"policy\":{{\"tentative\":\"{}\",\"unanswered\":\"{}\",\"unknown\":\"{}\",\"working_hours\":\"{}\"}}",
        to_string(answer_.policy.tentative), to_string(answer_.policy.unanswered), to_string(answer_.policy.unknown),
        to_string(answer_.policy.working_hours));
    write_explanation();
    return std::move(out_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out_), form, std::forward<Values>(values)...);
  }
  template <typename List, typename Each>
  void list(std::string_view begin, const List& values, Each write_one) {
    out_ += begin;
    bool first = true;
    for (const auto& value : values) {
      if (!first) out_ += ',';
      first = false;
      write_one(value);
    }
  }

  std::string time(SysTime at) const { return rfc3339_text(at, answer_.clock.offset(at)); }
  void write_span(const Span& span) { add("\"start\":\"{}\",\"end\":\"{}\"", time(span.start), time(span.end)); }

  void write_slot(const Slot& slot) {
    out_ += '{';
    write_span(slot.span);
    list(",\"user_ids\":[", slot.people, [&](const std::vector<uint8_t>& group) {
      list("[", group, [&](uint8_t number) { out_ += ids_[number]; });
      out_ += ']';
    });
    out_ += "]}";
  }

  void write_person(const AskedPerson& person) {
    const std::string_view reason = availability::to_string(person.knowledge.reason);
    add("{{\"user_id\":{},\"status\":\"{}\",\"reason\":{},\"as_of\":{},\"time_zone\":{}}}", json_quoted(person.user_id),
        availability::to_string(person.knowledge.status), reason.empty() ? "null" : json_quoted(reason),
        person.knowledge.as_of ? json_quoted(rfc3339_text(*person.knowledge.as_of)) : "null",
        json_quoted(person.time_zone));
  }

  void write_explanation() {
    if (!answer_.explanation) {
      out_ += ",\"explain\":null}";
      return;
    }
    list(",\"explain\":{\"people\":[", answer_.explanation->people, [&](const PersonPart& one) {
      add("{{\"user_id\":{},", ids_[one.person]);
      write_part(one.part);
    });
    list("],\"request\":[", answer_.explanation->request, [&](const Part& part) {
      out_ += '{';
      write_part(part);
    });
    out_ += "]}}";
  }
  void write_part(const Part& part) {
    write_span(part.span);
    add(",\"why\":\"{}\"}}", availability::to_string(part.why));
  }

  const SlotAnswer& answer_;
  std::vector<std::string> ids_;  // quoted
  std::string out_;
};

}  // namespace

std::string to_json(const SlotAnswer& answer) { return Writer(answer).write(); }

}  // namespace calint::availability
