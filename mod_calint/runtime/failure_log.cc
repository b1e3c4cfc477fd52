#include "runtime/failure_log.h"

#include <fmt/format.h>

#include "base/reaction.h"
#include "schema/migrate.h"

namespace calint {
namespace {

constexpr std::string_view kDatabase = "the database";
constexpr std::string_view kConnections = "CalIntDatabasePool";
constexpr std::string_view kSlots = "CalIntProviderConcurrency";
// Read at start: this process sees no end of it.
constexpr std::string_view kKeyset = "the keyset";
constexpr std::string_view kServiceKeys = "CalIntServiceKeyFile";

// What fails; empty where that concerns nobody else.
std::string trouble_of(const Error& error, const Counterpart& counterpart) {
  const Background background = reaction_to(error.fault).background;
  const bool is_alarm = background == Background::alarm;
  if (error.fault == Fault::too_many) return std::string(error.of_database ? kConnections : kSlots);
  if (error.of_database) {
    const bool is_away = background == Background::back_off || background == Background::read_back;
    return std::string(is_away || is_alarm ? kDatabase : std::string_view());
  }
  if (is_alarm && error.detail == Detail::unopened) return std::string(kKeyset);
  if (is_alarm && error.detail == Detail::service_keys) return std::string(kServiceKeys);
  if (!counterpart.provider) return {};
  if (is_alarm && !counterpart.client.empty()) return name_of_client(counterpart);
  const bool is_providers = is_alarm || background == Background::back_off || background == Background::wait;
  return std::string(is_providers ? to_string(*counterpart.provider) : std::string_view());
}

// Says so where a table or column isn't there because the schema is older than this build.
Error with_schema(const Runtime& runtime, Error error) {
  const bool misses_something = error.detail == Detail::no_such_table || error.detail == Detail::no_such_column;
  const int version = runtime.schema_version();
  if (misses_something && version < schema::kSchemaNewest)
    error.what = fmt::format("the database's schema is version {}, and this needs version {}: run calintctl migrate; {}",
                             version, schema::kSchemaNewest, error.what);
  return error;
}

}  // namespace

std::string name_of_client(const Counterpart& counterpart) {
  return std::string(to_string(*counterpart.provider)) + ", " + counterpart.client;
}

void tell_failure(const Runtime& runtime, LogSink& log, const Counterpart& counterpart, const Error& error,
                  std::string_view text, std::string_view tag) {
  const std::string key = trouble_of(error, counterpart);
  const Line line = line_of(with_schema(runtime, error), text, tag);
  if (key.empty())
    log.write(line.level, line.tag, line.text);
  else
    runtime.troubles().met(log, key, line);
}

void tell_success(const Runtime& runtime, LogSink& log, const Counterpart& counterpart) {
  Troubles& troubles = runtime.troubles();
  if (!troubles.any() || !counterpart.provider) return;
  troubles.over(log, to_string(*counterpart.provider));
  if (!counterpart.client.empty()) troubles.over(log, name_of_client(counterpart));
}

void tell_database_works(const Runtime& runtime, LogSink& log) {
  runtime.troubles().over(log, kDatabase);
  runtime.troubles().over(log, kConnections);
}

void tell_client_works(const Runtime& runtime, LogSink& log, std::string_view name) {
  runtime.troubles().over(log, name);
}

void tell_service_keys_work(const Runtime& runtime, LogSink& log) { runtime.troubles().over(log, kServiceKeys); }

void tell_slot_found(const Runtime& runtime, LogSink& log) { runtime.troubles().over(log, kSlots); }

}  // namespace calint
