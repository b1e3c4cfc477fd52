#include "provider/caldav/account.h"

#include <algorithm>

#include "base/encoding.h"
#include "base/text.h"
#include "base/utf8.h"

namespace calint::caldav {
namespace {

constexpr size_t kLongestAddress = 254;
constexpr std::string_view kMailto = "mailto:";

bool is_email(std::string_view word) { return word.find('@') != std::string_view::npos; }

bool is_url(std::string_view word) { return word.starts_with("https://") || word.starts_with("http://"); }

// No blank, since words are kept apart by them.
bool is_plain(std::string_view word) {
  return !word.empty() && std::none_of(word.begin(), word.end(), [](char c) { return c == ' ' || is_control(c); });
}

}  // namespace

std::string KnownAccount::text() const {
  std::string text;
  const auto add = [&text](std::string_view word) { text.append(text.empty() ? "" : " ").append(word); };
  for (const Url& home : homes) add(home.text());
  for (const std::string& address : addresses) add(address);
  return text;
}

KnownAccount parse_known_account(std::string_view memory) {
  KnownAccount known;
  while (!memory.empty()) {
    const std::string_view word = memory.substr(0, memory.find(' '));
    memory.remove_prefix(std::min(memory.size(), word.size() + 1));
    if (!is_url(word)) {
      if (!word.empty()) known.addresses.emplace_back(word);
    } else if (auto home = parse_url(word)) {
      known.homes.push_back(std::move(*home));
    }
  }
  return known;
}

Result<Url> calendar_url(const KnownAccount& known, const Url& entry, std::string_view id) {
  return resolve_url(known.homes.empty() ? entry : known.homes.front(), id);
}

std::string organizer_of(const KnownAccount& known, const std::string& account) {
  std::string first;
  for (const std::string& address : known.addresses) {
    if (!is_email(address)) continue;
    if (lower_case(address) == lower_case(account)) return address;
    if (first.empty()) first = address;
  }
  if (!first.empty()) return first;
  return is_email(account) ? account : "";
}

std::string address_of(std::string_view href) {
  std::string address(trimmed(href));
  if (lower_case(address.substr(0, kMailto.size())) == kMailto)
    address = percent_decode(address.substr(kMailto.size())).value_or("");
  const bool can_be_kept = is_plain(address) && !is_url(address) && clean_utf8(address, kLongestAddress) == address;
  return can_be_kept ? address : "";
}

}  // namespace calint::caldav
