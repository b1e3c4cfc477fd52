#include "site/client_form.h"

#include "base/form.h"
#include "support/check.h"

using namespace calint;
using namespace calint::site;

namespace {

ClientForm parsed(std::vector<FormField> fields, ProviderId provider = ProviderId::outlook) {
  return parse_client_form(fields, provider, "servers-client");
}

std::vector<FormField> good(const std::string& id = "client", const std::string& secret = "secret",
                            const std::string& tenant = "") {
  return {{"client_id", id}, {"client_secret", secret}, {"tenant", tenant}};
}

}  // namespace

CALINT_TEST(blanks_around_what_was_pasted_are_taken_off) {
  const ClientForm form = parsed(good(" client ", " sec ret ", " common "));
  CHECK(form.ok());
  CHECK_EQUAL(form.client_id, "client");
  CHECK_EQUAL(form.client_secret.reveal(), "sec ret");
  CHECK_EQUAL(form.tenant, "common");
}

CALINT_TEST(the_secret_leaves_the_fields) {
  std::vector<FormField> fields = good();
  const ClientForm form = parse_client_form(fields, ProviderId::google, "");
  CHECK_EQUAL(form.client_secret.reveal(), "secret");
  for (const auto& [name, text] : fields) CHECK_EQUAL(text.find("secret"), std::string::npos);
}

CALINT_TEST(lengths_are_bounded) {
  CHECK(parsed(good(std::string(255, 'x'), std::string(1024, 's'))).ok());
  CHECK(parsed(good(std::string(256, 'x'))).client_id_error.has_value());
  CHECK(parsed(good("client", std::string(1025, 's'))).secret_error.has_value());
}

CALINT_TEST(ids_are_visible_ascii_and_secrets_have_no_control_bytes) {
  for (const char* id : {"", " ", "a b", "a\tb", "\xc3\xa9", "a\x7f"})
    CHECK(parsed(good(id)).client_id_error.has_value());
  for (const char* secret : {"", " ", "a\nb", "a\x01", "a\x7f"})
    CHECK(parsed(good("c", secret)).secret_error.has_value());
  CHECK(parsed(good("c", "caf\xc3\xa9")).ok());
}

CALINT_TEST(a_doubled_field_is_no_value) {
  std::vector<FormField> fields = good();
  fields.emplace_back("client_secret", "other");
  fields.emplace_back("client_id", "other");
  const ClientForm form = parsed(fields);
  CHECK(form.client_id_error.has_value());
  CHECK(form.secret_error.has_value());
}

CALINT_TEST(the_servers_client_is_no_organisations_own) {
  CHECK(parsed(good("servers-client")).client_id_error.has_value());
}

CALINT_TEST(a_tenant_is_outlooks_and_taken_as_the_directive_takes_it) {
  for (const char* tenant : {"", "common", "organizations", "consumers", "contoso.example",
                             "0f0f0f0f-0000-4000-8000-000000000000"})
    CHECK(parsed(good("c", "s", tenant)).ok());
  for (const char* tenant : {"everybody", "../common", "a b", "a..b", ".a"})
    CHECK(parsed(good("c", "s", tenant)).tenant_error.has_value());
  CHECK_EQUAL(parsed(good("c", "s", "everybody"), ProviderId::google).tenant, "");
}
