#include "store/known_time.h"

#include <charconv>

#include "base/json.h"
#include "store/calendar_trouble.h"
#include "store/sql/availability.h"
#include "store/users.h"

namespace calint::store {
namespace {

using availability::BusyTime;
using availability::CalendarRead;
using availability::Connection;
using availability::Span;
using availability::SysTime;

std::optional<SysTime> second_of(const std::optional<Instant>& at) {
  return at ? std::optional(std::chrono::floor<std::chrono::seconds>(*at)) : std::nullopt;
}

Connection connection_of(const postgres::Rows& rows, size_t row) {
  const auto text = rows.maybe_text(row, "status");
  if (!text) return rows.boolean(row, "was_connected") ? Connection::former : Connection::none;
  const auto status = parse_connection_status(*text);
  if (status == ConnectionStatus::expired) return Connection::expired;
  return status == ConnectionStatus::connected ? Connection::works : Connection::error;
}

std::optional<calendar::Kind> kind_of(char letter) {
  switch (letter) {
    case 'b': return calendar::Kind::busy;
    case 't': return calendar::Kind::tentative;
    case 'u': return calendar::Kind::unanswered;
    case 'o': return calendar::Kind::oof;
    default: return std::nullopt;
  }
}

// "b1796025600/1796029200,..."; nullopt for anything else.
std::optional<std::vector<BusyTime>> parse_busy(std::string_view text) {
  std::vector<BusyTime> busy;
  busy.reserve(text.size() / 23 + 1);
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const auto kind = kind_of(*at++);
    int64_t starts = 0, ends = 0;
    const auto start = std::from_chars(at, end, starts);
    if (!kind || start.ec != std::errc() || start.ptr == end || *start.ptr != '/') return std::nullopt;
    const auto stop = std::from_chars(start.ptr + 1, end, ends);
    if (stop.ec != std::errc() || (stop.ptr != end && *stop.ptr != ',')) return std::nullopt;
    at = stop.ptr == end ? end : stop.ptr + 1;
    busy.push_back({{SysTime(std::chrono::seconds(starts)), SysTime(std::chrono::seconds(ends))}, *kind});
  }
  return busy;
}

// A row's array of arrays [start, end, ref, ...], one by one.
template <typename Take>
void each_of(const postgres::Rows& rows, size_t row, const char* column, const Take& take) {
  const auto text = rows.maybe_text(row, column);
  if (!text) return;
  const Json tree(json_loadb(text->data(), text->size(), JSON_ALLOW_NUL, nullptr));
  for (size_t at = 0; at < json_array_size(tree.get()); ++at) {
    const json_t* one = json_array_get(tree.get(), at);
    const auto second = [&](size_t part) {
      return SysTime(std::chrono::seconds(json_integer_value(json_array_get(one, part))));
    };
    take(Span{second(0), second(1)}, std::string(string_value(json_array_get(one, 2)).value_or("")),
         json_array_get(one, 3));
  }
}

availability::PersonRead person_from(const postgres::Rows& rows, size_t row, std::string user_id) {
  availability::PersonRead person{.user_id = std::move(user_id),
                                  .time_zone = rows.maybe_text(row, "time_zone").value_or(""),
                                  .connection = connection_of(rows, row)};
  each_of(rows, row, "interviews", [&](const Span& span, std::string ref, const json_t* is_pending) {
    if (json_is_true(is_pending)) person.on_their_way.push_back(span);
    person.interviews.push_back({span, std::move(ref)});
  });
  each_of(rows, row, "holds", [&](const Span& span, std::string ref, const json_t*) {
    person.holds.push_back({span, std::move(ref)});
  });
  return person;
}

Result<CalendarRead> calendar_from(const postgres::Rows& rows, size_t row) {
  auto busy = parse_busy(rows.maybe_text(row, "busy").value_or(""));
  if (!busy) return Error{.fault = Fault::corrupt, .what = "busy time came in another form than it was asked for"};
  each_of(rows, row, "ours", [&](const Span& span, std::string ref, const json_t* letter) {
    const auto kind = kind_of(string_value(letter).value_or("b").front());
    busy->push_back({span, kind.value_or(calendar::Kind::busy), std::move(ref)});
  });
  const auto trouble = parse_calendar_trouble(rows.maybe_text(row, "trouble").value_or(""));
  return CalendarRead{.last_read = second_of(rows.maybe_instant(row, "last_synced_at")),
                      .known_from = second_of(rows.maybe_instant(row, "known_from")),
                      .known_until = second_of(rows.maybe_instant(row, "known_until")),
                      .unknown_from = second_of(rows.maybe_instant(row, "unknown_from")),
                      .is_unreadable = trouble && is_lasting(*trouble),
                      .busy = std::move(*busy)};
}

}  // namespace

Result<KnownTime> read_known_time(postgres::Pool& pool, const std::string& organization,
                                  const std::vector<std::string>& user_ids, const availability::Span& range,
                                  const std::optional<availability::Span>& ours, Deadline deadline) {
  auto rows = pool.query(
      sql::find_known_time{
          .user_ids = user_ids,
          .organization_id = organization,
          .from = Instant(range.start),
          .ours_from = Instant(ours.value_or(range).start),
          .ours_until = Instant(ours.value_or(range).end),
          .with_holds = ours.has_value(),
          .until = Instant(range.end)},
      deadline);
  if (!rows) return about_users(std::move(rows).error());
  KnownTime known;
  if (rows->empty()) return known;
  auto settings = settings_from(*rows);
  if (!settings) return std::move(settings).error();
  known.settings = std::move(*settings);
  int64_t last = 0;
  for (size_t row = 0; row < rows->size(); ++row) {
    const int64_t number = rows->integer(row, "number");
    if (number != last)
      known.people.push_back(person_from(*rows, row, user_ids[static_cast<size_t>(number - 1)]));
    last = number;
    if (rows->is_null(row, "sync_id")) continue;
    auto calendar = calendar_from(*rows, row);
    if (!calendar) return std::move(calendar).error();
    known.people.back().calendars.push_back(std::move(*calendar));
  }
  return known;
}

}  // namespace calint::store
