#include "httpd/arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/host_name.h"
#include "base/url.h"

namespace calint::httpd {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return apr_isalnum(c) || c == '_' || c == '-' || c == '.';
  });
}

// Takes `prefix` off, where it is there.
bool strip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool starts_with(std::string_view name, std::string_view prefix) {
  return name.size() >= prefix.size() && ap_cstr_casecmpn(name.data(), prefix.data(), prefix.size()) == 0;
}

// httpd keeps a variable under another name when it redirects inside.
bool is_request_header(std::string_view variable) {
  constexpr std::string_view kRedirected = "REDIRECT_";
  while (starts_with(variable, kRedirected)) variable.remove_prefix(kRedirected.size());
  return starts_with(variable, "HTTP_");
}

}  // namespace

Error refuse(std::string what) { return Error{.fault = Fault::bad_input, .what = std::move(what)}; }

Result<long> parse_number(std::string_view text, long min, long max) {
  long value = 0;
  auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < min || value > max)
    return refuse(fmt::format("write a whole number from {} to {}, not \"{}\"", min, max, text));
  return value;
}

Result<std::chrono::milliseconds> parse_timeout(const char* text, std::chrono::milliseconds min,
                                                std::chrono::milliseconds max) {
  apr_interval_time_t microseconds = 0;
  if (apr_isdigit(*text) && ap_timeout_parameter_parse(text, &microseconds, "s") == APR_SUCCESS) {
    auto value = std::chrono::milliseconds(apr_time_as_msec(microseconds));
    if (value >= min && value <= max) return value;
  }
  return refuse(fmt::format("write times from {}ms to {}s, such as 2 or 500ms, not \"{}\"", min.count(),
                            max.count() / 1000, text));
}

Result<std::string> parse_path(apr_pool_t* pool, const char* text) {
  const char* path = *text == '\0' ? nullptr : ap_server_root_relative(pool, text);
  if (path == nullptr) return refuse(fmt::format("write the path of a file or folder, not \"{}\"", text));
  return std::string(path);
}

Result<std::string> parse_source(apr_pool_t* pool, std::string_view text) {
  std::string_view rest = text;
  if (strip(rest, "exec:")) {
    if (!rest.starts_with('/'))
      return refuse("write exec: with the absolute path of a program, such as exec:/usr/local/sbin/calint-key");
    return std::string(text);
  }
  if (strip(rest, "credential:")) {
    if (!is_name(rest))
      return refuse("write credential: with the name of a systemd credential, such as credential:calint-keys");
    return std::string(text);
  }
  return parse_path(pool, std::string(text).c_str());
}

Result<std::string> parse_endpoint(std::string_view text) {
  Result<Url> url = parse_url(text);
  if (!url.ok()) return std::move(url).error();
  if (!url->query.empty()) return refuse(fmt::format("write the URL without a query, not \"{}\"", text));
  return std::string(text);
}

Result<std::string> parse_tenant(std::string_view text) {
  if (is_tenant(text)) return std::string(text);
  return refuse(fmt::format("write common, organizations, consumers, the tenant's id or one of its domains, such as "
                            "contoso.onmicrosoft.com, not \"{}\"",
                            text));
}

Result<NamedSource> parse_named_source(std::string_view text) {
  std::string_view name = text;
  if (strip(name, "session:")) {
    if (!is_name(name)) return refuse("write session: with the name of a session entry, such as session:user");
    if (name == "calint" || name == "expiry")
      return refuse(fmt::format("\"{}\" is not the application's entry; name the one that it sets", name));
    return NamedSource{Identity::session, std::string(name)};
  }
  if (strip(name, "env:")) {
    if (!is_name(name))
      return refuse("write env: with the name of an environment variable, such as env:OIDC_CLAIM_email");
    if (is_request_header(name))
      return refuse(
          fmt::format("env:{} is a request header, which any browser can send; name a variable that an "
                      "authentication module sets, such as env:OIDC_CLAIM_email",
                      name));
    return NamedSource{Identity::environment, std::string(name)};
  }
  return refuse(fmt::format("write session:KEY or env:NAME, not \"{}\"", text));
}

Result<std::string> parse_host_pattern(std::string_view text) {
  std::string_view host = text;
  strip(host, "*.");
  if (!is_host_name(host))
    return refuse(fmt::format("write host names, such as caldav.example.com or *.example.com, not \"{}\"", text));
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return static_cast<char>(apr_tolower(c)); });
  return lower;
}

Result<std::string> parse_frame_ancestor(std::string_view text) {
  if (text == "'self'" || text == "self") return std::string("'self'");
  if (text == "'none'" || text == "none") return std::string("'none'");
  Result<Url> url = parse_url(text);
  if (!url.ok() || !url->query.empty() || (!url->path.empty() && url->path != "/"))
    return refuse(fmt::format("write 'self', 'none' or origins such as https://portal.example.com, not \"{}\"", text));
  return url->origin();
}

}  // namespace calint::httpd
