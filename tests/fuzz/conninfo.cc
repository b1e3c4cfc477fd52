// store/conninfo: CalIntDatabase, and what its exec: program writes.
#include "postgres/conninfo.h"

#include <algorithm>

#include "fuzz.h"

using namespace calint;

namespace {

void check_try(const postgres::ConnectSettings& settings) {
  MUST(settings.at("client_encoding") == "UTF8");
  MUST(settings.contains("fallback_application_name"));
  const auto timeout = postgres::connect_timeout(settings);
  MUST(!timeout || *timeout >= std::chrono::seconds(2));
}

std::string member(const postgres::ConnectSettings& settings, const char* name) {
  const auto found = settings.find(name);
  return found == settings.end() ? "" : found->second;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string input(fuzz::text_of(data, size));
  const auto tries = postgres::connect_tries(input);
  if (!tries) {
    MUST(tries.error().fault == Fault::operator_fault && fuzz::fit_to_log(tries.error()));
    const auto other = postgres::connect_tries(fuzz::with_other_secret(input));
    MUST(!other && fuzz::same_words(tries.error(), other.error()));
    return 0;
  }
  const auto commas = static_cast<size_t>(std::count(input.begin(), input.end(), ','));
  MUST(!tries->empty() && tries->size() <= 2 * (commas + 1));
  for (const postgres::ConnectSettings& one : *tries) {
    check_try(one);
    for (const char* name : {"password", "user", "dbname", "sslmode"})
      MUST(member(one, name) == member(tries->front(), name));
  }
  return 0;
}
