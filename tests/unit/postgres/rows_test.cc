#include <stdexcept>

#include "postgres/instant_text.h"
#include "postgres/session.h"
#include "support/check.h"
#include "support/postgres.h"

using namespace calint;
using namespace calint::postgres;
using namespace std::chrono_literals;

namespace {

Deadline soon() { return Deadline::in(5s); }

std::unique_ptr<Session> connected() {
  auto connection = Session::open(test::cluster().conninfo("postgres"), Session::Prepare::automatic, soon());
  CHECK_OK(connection);
  return std::move(*connection);
}

Instant at(std::chrono::sys_days day, std::chrono::microseconds time) { return Instant(day) + time; }

constexpr auto kDay = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25);

template <typename Call>
bool is_logic_error(Call call) {
  try {
    call();
  } catch (const std::logic_error&) {
    return true;
  }
  return false;
}

}  // namespace

CALINT_TEST(every_type_comes_back_as_it_was_sent) {
  auto connection = connected();
  const std::string bytes("\0\1\\x\xff'", 6);
  const Instant instant = at(kDay, 7h + 30min + 123456us);
  auto rows = connection->query({"SELECT $1::text AS t, $2::bigint AS i, $3::boolean AS b, $4::timestamptz AS at,"
                                 " $5::bytea AS raw, $6::text AS nothing, $7::bytea AS no_bytes",
                                 {"Zürich", int64_t{-9007199254740993}, true, instant, Param::bytea(bytes), nullptr,
                                  Param::bytea(std::optional<std::string>())}},
                                soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->size(), 1);
  CHECK_EQUAL(rows->text(0, "t"), "Zürich");
  CHECK_EQUAL(rows->integer(0, "i"), -9007199254740993);
  CHECK(rows->boolean(0, "b"));
  CHECK_EQUAL(rows->instant(0, "at"), instant);
  CHECK_EQUAL(rows->bytes(0, "raw"), bytes);
  CHECK(!rows->maybe_text(0, "nothing") && !rows->maybe_integer(0, "nothing") && !rows->maybe_bytes(0, "no_bytes"));
  CHECK_EQUAL(rows->maybe_instant(0, "at"), instant);
}

CALINT_TEST(bytea_is_read_in_escape_format_too) {
  auto connection = connected();
  CHECK_OK(connection->script("SET bytea_output = 'escape'", soon()));
  auto rows = connection->query({"SELECT $1::bytea AS raw", {Param::bytea(std::string_view("a\0\\\xfe", 4))}}, soon());
  CHECK_OK(rows);
  CHECK_EQUAL(rows->bytes(0, "raw"), std::string("a\0\\\xfe", 4));
}

CALINT_TEST(instants_are_read_in_every_session_time_zone) {
  auto connection = connected();
  const Instant instant = at(kDay, 7h + 30min + 500ms);
  for (const char* set : {"SET timezone = 'Asia/Kolkata'", "SET timezone = 'Europe/Zurich'", "SET timezone = 'UTC'",
                          "SET timezone = 'America/St_Johns'"}) {
    CHECK_OK(connection->script(set, soon()));
    auto rows = connection->query({"SELECT $1::timestamptz AS at", {instant}}, soon());
    CHECK_OK(rows);
    CHECK_EQUAL(rows->instant(0, "at"), instant);
  }
}

CALINT_TEST(offsets_and_fractions_are_understood) {
  const Instant noon = at(kDay, 12h);
  CHECK_EQUAL(parse_instant("2026-11-25 12:00:00+00"), noon);
  CHECK_EQUAL(parse_instant("2026-11-25 17:30:00+05:30"), noon);
  CHECK_EQUAL(parse_instant("2026-11-25 13:00:00+01"), noon);
  CHECK_EQUAL(parse_instant("2026-11-25 08:30:00-03:30"), noon);
  CHECK_EQUAL(parse_instant("2026-11-25 12:00:00.5+00"), noon + 500ms);
  CHECK_EQUAL(parse_instant("2026-11-25 12:00:00.000001+00"), noon + 1us);
  CHECK_EQUAL(parse_instant("2026-11-26 00:34:08+12:34:08"), noon);
}

CALINT_TEST(text_that_is_not_a_timestamptz_is_refused) {
  for (const char* text : {"", "infinity", "-infinity", "2026-11-25", "2026-11-25 12:00:00",
                           "0044-03-15 12:00:00+00 BC", "25.11.2026 12:00:00 UTC", "2026-13-01 00:00:00+00",
                           "2026-02-30 00:00:00+00",
                           "2026-11-25 12:00:00+", "2026-11-25 12:00:00.+00", "2026-11-25 12:00+00",
                           "2026-11-25T12:00:00+00", "2026-11-25 12:00:00+00x"}) {
    ck_assert_msg(!parse_instant(text), "'%s' was read", text);
  }
}

CALINT_TEST(instants_are_written_as_rfc_3339) {
  CHECK_EQUAL(instant_text(at(kDay, 7h + 5min + 9s + 42us)), "2026-11-25T07:05:09.000042Z");
  CHECK_EQUAL(instant_text(Instant(std::chrono::microseconds(-1))), "1969-12-31T23:59:59.999999Z");
}

CALINT_TEST(asking_for_what_is_not_there_is_a_bug) {
  auto connection = connected();
  auto rows = connection->query({"SELECT 'x' AS word, NULL AS nothing", {}}, soon());
  CHECK_OK(rows);
  CHECK(is_logic_error([&] { (void)rows->text(0, "missing"); }));
  CHECK(is_logic_error([&] { (void)rows->text(1, "word"); }));
  CHECK(is_logic_error([&] { (void)rows->text(0, "nothing"); }));
  CHECK(is_logic_error([&] { (void)rows->integer(0, "word"); }));
  CHECK(is_logic_error([&] { (void)rows->boolean(0, "word"); }));
  CHECK(is_logic_error([&] { (void)rows->instant(0, "word"); }));
}
