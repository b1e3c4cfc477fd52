#include "base/utf8.h"
#include "runtime/service_key.h"

#include <algorithm>
#include <set>

#include "base/encoding.h"
#include "base/rfc3339.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/random.h"

namespace calint {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kDigestDigits = 64;
constexpr size_t kLongestName = 64;
constexpr size_t kLongestOrganization = 255;
constexpr std::string_view kAny = "*";
constexpr std::string_view kNone = "-";

std::vector<std::string_view> parts_of(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r";
  std::vector<std::string_view> parts;
  for (size_t at = line.find_first_not_of(kBlanks); at != line.npos;) {
    const size_t end = std::min(line.find_first_of(kBlanks, at), line.size());
    parts.push_back(line.substr(at, end - at));
    at = line.find_first_not_of(kBlanks, end);
  }
  return parts;
}

bool is_digest(std::string_view text) {
  return text.size() == kDigestDigits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

Error wrong(std::string what) { return Error{.fault = Fault::bad_input, .what = std::move(what)}; }

bool is_comment(std::string_view line) {
  const std::string_view text = trimmed(line);
  return text.empty() || text.front() == '#';
}

// Each line with its end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

}  // namespace

Secret make_service_key() { return Secret("calint_" + crypto::random_token(kKeyBytes)); }

std::string digest_of_service_key(const Secret& key) { return hex_encode(crypto::sha256(key.reveal())); }

std::optional<Scopes> parse_scopes(std::string_view text) {
  Scopes scopes;
  while (true) {
    const size_t comma = text.find(',');
    const auto scope = parse_word(kScopes, text.substr(0, comma));
    if (!scope || scopes[static_cast<size_t>(*scope)]) return std::nullopt;
    scopes.set(static_cast<size_t>(*scope));
    if (comma == text.npos) return scopes;
    text.remove_prefix(comma + 1);
  }
}

std::string scopes_text(const Scopes& scopes) {
  std::string text;
  for (const auto& [scope, name] : kScopes)
    if (scopes[static_cast<size_t>(scope)]) text.append(text.empty() ? "" : ",").append(name);
  return text;
}

bool is_service_key_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-").find(c) != std::string_view::npos;
  };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), is_plain);
}

Result<ServiceKey> parse_service_key(std::string_view line) {
  const std::vector<std::string_view> parts = parts_of(line);
  if (parts.size() != 5) return wrong("is not: name sha256 organization_id|* scopes expiry|-");
  ServiceKey key{.name = std::string(parts[0]), .digest = lower_case(parts[1])};
  if (!is_service_key_name(key.name)) return wrong("begins with no name of letters, digits, '.', '_' and '-'");
  if (!is_digest(key.digest)) return wrong("has no SHA-256 of 64 hex digits behind the name");
  if (parts[2] != kAny) {
    auto organization = parts[2] == kNone ? std::optional<std::string>("") : percent_decode(parts[2]);
    if (!organization || organization->size() > kLongestOrganization || valid_utf8(*organization) != *organization ||
        std::any_of(organization->begin(), organization->end(), is_control))
      return wrong("names no organisation: its id, percent-encoded, or *, or - where there are none");
    key.organization = std::move(*organization);
  }
  const auto scopes = parse_scopes(parts[3]);
  if (!scopes) return wrong("has no scopes: availability, events, changes, with commas and without blanks");
  key.scopes = *scopes;
  if (parts[4] != kNone) {
    const auto at = parse_rfc3339(parts[4]);
    if (!at) return wrong("has no expiry: a time such as 2027-12-31T00:00:00Z, or - for none");
    key.expires_at = *at;
  }
  return key;
}

std::string service_key_line(const ServiceKey& key) {
  std::string organization(kAny);
  if (key.organization) {
    organization = percent_encode(*key.organization);
    if (organization.empty()) organization = kNone;
    else if (organization == kNone) organization = "%2D";
  }
  const std::string expiry =
      key.expires_at ? rfc3339_text(std::chrono::floor<std::chrono::seconds>(*key.expires_at)) : std::string(kNone);
  return key.name + ' ' + key.digest + ' ' + organization + ' ' + scopes_text(key.scopes) + ' ' + expiry;
}

ServiceKeyLines parse_service_keys(std::string_view text) {
  ServiceKeyLines found;
  std::set<std::string> names;
  size_t number = 0;
  for (const std::string_view line : lines_of(text)) {
    ++number;
    if (is_comment(line)) continue;
    auto key = parse_service_key(trimmed(line));
    if (!key)
      found.wrong.push_back({number, key.error().what});
    else if (!names.insert(key->name).second)
      found.wrong.push_back({number, "has a name that stands above it already"});
    else
      found.keys.push_back(std::move(*key));
  }
  return found;
}

std::optional<std::string> without_service_key(std::string_view text, std::string_view name) {
  std::string rest;
  bool is_found = false;
  for (const std::string_view line : lines_of(text)) {
    const std::vector<std::string_view> parts = parts_of(trimmed(line));
    if (!is_comment(line) && !parts.empty() && parts[0] == name)
      is_found = true;
    else
      rest.append(line);
  }
  return is_found ? std::optional(std::move(rest)) : std::nullopt;
}

}  // namespace calint
