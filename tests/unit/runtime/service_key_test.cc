#include "runtime/service_key.h"

#include "base/rfc3339.h"
#include "support/check.h"

using namespace calint;

namespace {

const std::string kDigest(64, 'a');

ServiceKey parsed(const std::string& line) {
  auto key = parse_service_key(line);
  CHECK_OK(key);
  return *key;
}

}  // namespace

CALINT_TEST(a_service_key_is_256_random_bits_behind_a_prefix) {
  const Secret key = make_service_key();
  CHECK_EQUAL(key.size(), size_t{50});
  CHECK_EQUAL(key.reveal().substr(0, 7), "calint_");
  CHECK(!key.equals(make_service_key().reveal()));
  CHECK_EQUAL(digest_of_service_key(Secret(std::string_view("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4, example B.1
}

CALINT_TEST(a_line_names_organisation_scopes_and_expiry) {
  const ServiceKey key = parsed("ats.prod " + kDigest + "\t7  availability,events 2027-01-01T00:00:00Z\r");
  CHECK_EQUAL(key.name, "ats.prod");
  CHECK_EQUAL(*key.organization, "7");
  CHECK(key.may(Scope::availability) && key.may(Scope::events) && !key.may(Scope::changes));
  CHECK(!key.is_expired(*parse_rfc3339("2026-12-31T23:59:59Z")));
  CHECK(key.is_expired(*parse_rfc3339("2027-01-01T00:00:00Z")));
}

CALINT_TEST(a_key_may_be_for_any_organisation_or_for_an_ats_without_any) {
  CHECK(!parsed("a " + kDigest + " * changes -").organization);
  CHECK_EQUAL(*parsed("a " + kDigest + " - changes -").organization, "");
  CHECK(!parsed("a " + kDigest + " - changes -").is_expired(Instant::max()));
}

CALINT_TEST(every_key_is_read_back_from_its_line) {
  for (const std::optional<std::string>& organization :
       {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>("-"),
        std::optional<std::string>("*"), std::optional<std::string>("a b%c\xc3\xa9")}) {
    const ServiceKey key{.name = "k", .digest = kDigest, .organization = organization, .scopes = Scopes("101"),
                         .expires_at = *parse_rfc3339("2027-01-01T00:00:00Z")};
    const ServiceKey back = parsed(service_key_line(key));
    CHECK(back.organization == organization);
    CHECK(back.scopes == key.scopes && back.expires_at == key.expires_at && back.digest == key.digest);
  }
}

CALINT_TEST(a_line_that_is_none_is_refused) {
  for (const std::string& line : std::vector<std::string>{"a", "a " + kDigest + " 1 changes",
                                                           "a " + kDigest + " 1 changes - x",
                                  "a/b " + kDigest + " 1 changes -", "a abc 1 changes -",
                                  "a " + std::string(64, 'g') + " 1 changes -", "a " + kDigest + " %zz changes -",
                                  "a " + kDigest + " %00 changes -", "a " + kDigest + " 1 all -",
                                  "a " + kDigest + " 1 changes,changes -", "a " + kDigest + " 1 changes, -",
                                  "a " + kDigest + " 1 changes tomorrow"})
    CHECK_FAULT(parse_service_key(line), Fault::bad_input);
}

CALINT_TEST(a_wrong_line_costs_no_other_its_key) {
  const ServiceKeyLines lines = parse_service_keys("# keys\n\na " + kDigest + " 1 changes -\nnonsense\na " + kDigest +
                                                   " 2 changes -\nb " + kDigest + " 3 events -");
  CHECK_EQUAL(lines.keys.size(), size_t{2});
  CHECK_EQUAL(*lines.keys[0].organization, "1");
  CHECK_EQUAL(lines.keys[1].name, "b");
  CHECK_EQUAL(lines.wrong.size(), size_t{2});
  CHECK_EQUAL(lines.wrong[0].number, size_t{4});
  CHECK_EQUAL(lines.wrong[1].number, size_t{5});
}

CALINT_TEST(a_key_is_taken_out_and_all_else_stays) {
  const std::string text = "# a\na " + kDigest + " 1 changes -\nab " + kDigest + " 1 changes -";
  CHECK_EQUAL(without_service_key(text, "a").value_or("none"), "# a\nab " + kDigest + " 1 changes -");
  CHECK_EQUAL(without_service_key(text, "ab").value_or("none"), "# a\na " + kDigest + " 1 changes -\n");
  CHECK(!without_service_key(text, "b"));
}
