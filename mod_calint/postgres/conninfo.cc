#include "postgres/conninfo.h"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <string_view>

namespace calint::postgres {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

Result<ConnectSettings> parse(const std::string& conninfo) {
  std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(conninfo.c_str(), nullptr));
  if (!options) {
    return Error{.fault = Fault::operator_fault,
                 .what = "the database's connection string can't be read: write keyword=value pairs or a "
                         "postgresql:// URI"};
  }
  ConnectSettings settings;
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) settings[option->keyword] = option->val;
  }
  return settings;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> items;
  for (;;) {
    const size_t comma = list.find(',');
    items.emplace_back(list.substr(0, comma));
    if (comma == std::string_view::npos) return items;
    list.remove_prefix(comma + 1);
  }
}

std::vector<std::string> list_of(const ConnectSettings& settings, const char* keyword) {
  const auto found = settings.find(keyword);
  return found == settings.end() ? std::vector<std::string>() : split(found->second);
}

// One settings per host; the whole, for libpq to judge, where the lists' lengths don't fit together.
std::vector<ConnectSettings> by_host(const ConnectSettings& settings) {
  const std::vector<std::string> hosts = list_of(settings, "host");
  const std::vector<std::string> addresses = list_of(settings, "hostaddr");
  const std::vector<std::string> ports = list_of(settings, "port");
  const size_t count = std::max(hosts.size(), addresses.size());
  const auto fits = [count](size_t size) { return size == 0 || size == count; };
  if (count <= 1 || !fits(hosts.size()) || !fits(addresses.size()) || !(fits(ports.size()) || ports.size() == 1)) {
    return {settings};
  }
  std::vector<ConnectSettings> tries;
  for (size_t i = 0; i < count; ++i) {
    ConnectSettings one = settings;
    if (!hosts.empty()) one["host"] = hosts[i];
    if (!addresses.empty()) one["hostaddr"] = addresses[i];
    if (!ports.empty()) one["port"] = ports.size() == 1 ? ports[0] : ports[i];
    tries.push_back(std::move(one));
  }
  return tries;
}

}  // namespace

Result<std::vector<ConnectSettings>> connect_tries(const std::string& conninfo) {
  Result<ConnectSettings> settings = parse(conninfo);
  if (!settings) return settings.error();
  (*settings)["client_encoding"] = "UTF8";
  settings->try_emplace("fallback_application_name", "mod_calint");

  std::vector<ConnectSettings> tries = by_host(*settings);
  const auto wanted = settings->find("target_session_attrs");
  if (tries.size() == 1 || wanted == settings->end() || wanted->second != "prefer-standby") return tries;

  std::vector<ConnectSettings> passes;
  for (const char* attribute : {"standby", "any"}) {
    for (ConnectSettings one : tries) {
      one["target_session_attrs"] = attribute;
      passes.push_back(std::move(one));
    }
  }
  return passes;
}

std::optional<std::chrono::seconds> connect_timeout(const ConnectSettings& settings) {
  const auto found = settings.find("connect_timeout");
  if (found == settings.end()) return std::nullopt;
  const std::string& text = found->second;
  int seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(std::max(seconds, 2));
}

}  // namespace calint::postgres
