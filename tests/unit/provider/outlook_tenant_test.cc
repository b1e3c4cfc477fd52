#include "provider/outlook/tenant.h"

#include <fmt/format.h>

#include "provider/outlook/scopes.h"
#include "support/check.h"
#include "support/jwt.h"
#include "support/samples.h"

using namespace calint;
using namespace calint::outlook;

namespace {

constexpr const char* kToken = "https://login.microsoftonline.com/common/oauth2/v2.0/token";
constexpr const char* kContoso = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
constexpr const char* kPersonal = "9188040d-6c67-4c5b-b112-36a304b66dad";

bool serves(std::string_view tenant, std::string_view tenant_id) {
  return !issuer_of(kToken, tenant, tenant_id).empty();
}

Identity identity_of(const std::string& claims) { return claimed_identity(Secret(test::jwt(claims))); }

}  // namespace

CALINT_TEST(a_tenant_takes_its_place_in_a_url) {
  CHECK_EQUAL(at_tenant("https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token", "contoso.example"),
              "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token");
  CHECK_EQUAL(at_tenant("https://localhost/token", "common"), "https://localhost/token");
}

CALINT_TEST(the_issuers_of_the_reference_are_the_expected_ones) {
  const Json sample = test::read_sample(CALINT_TEST_DATA "/microsoft/id-token-payload.json");
  for (const char* kind : {"work", "personal"}) {
    const json_t* claims = json_object_get(sample.get(), kind);
    CHECK_EQUAL(issuer_of(kToken, "common", string_member(claims, "tid").value()),
                string_member(claims, "iss").value());
  }
  CHECK_EQUAL(issuer_of("https://login.partner.microsoftonline.cn/common/oauth2/v2.0/token", "common", kContoso),
              fmt::format("https://login.partner.microsoftonline.cn/{}/v2.0", kContoso));
}

CALINT_TEST(a_tenant_says_who_may_sign_in) {
  CHECK(serves("common", kContoso) && serves("common", kPersonal));
  CHECK(serves("organizations", kContoso) && !serves("organizations", kPersonal));
  CHECK(!serves("consumers", kContoso) && serves("consumers", kPersonal));
  CHECK(serves("contoso.example", kContoso));
  CHECK(serves("AAAABBBB-0000-CCCC-1111-DDDD2222EEEE", kContoso));
  CHECK(!serves("11112222-0000-cccc-1111-dddd2222eeee", kContoso));
  for (const char* id : {"", "common", "../evil", "{tenantid}"}) CHECK(!serves("common", id));
}

CALINT_TEST(an_account_is_its_tenant_and_object) {
  const Identity identity = identity_of(fmt::format(
      R"({{"tid":"{}","oid":"AAAAAAAA-0000-1111-2222-BBBBBBBBBBBB","preferred_username":"a\u0007@b.example"}})",
      kContoso));
  CHECK_EQUAL(account_of(identity), fmt::format("{}/aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb", kContoso));
  auto subject = subject_of(identity, {.key = "pairwise", .account = "mail@b.example"});
  CHECK_OK(subject);
  CHECK_EQUAL(subject->key, account_of(identity));
  CHECK_EQUAL(subject->account, "a@b.example");
}

CALINT_TEST(without_tenant_or_object_nobody_is_known) {
  for (const std::string& claims :
       {fmt::format(R"({{"tid":"{}"}})", kContoso), fmt::format(R"({{"oid":"{}"}})", kContoso),
        fmt::format(R"({{"tid":"{}","oid":"7"}})", kContoso), std::string("{}")}) {
    CHECK_EQUAL(account_of(identity_of(claims)), "");
    CHECK_FAULT(subject_of(identity_of(claims), {.key = "pairwise", .account = ""}), Fault::corrupt);
  }
  auto nameless =
      subject_of({.tenant_id = "t", .object_id = "o", .username = ""}, {.key = "", .account = "mail@b.example"});
  CHECK_EQUAL(nameless->account, "mail@b.example");
}

CALINT_TEST(scopes_of_graph_have_one_spelling) {
  CHECK_EQUAL(requested_scope(), "openid profile email offline_access Calendars.ReadWrite MailboxSettings.Read");
  CHECK((normalised_scopes(
             {"openid", "https://graph.microsoft.com/calendars.readwrite", "https://graph.microsoft.us/User.Read"}) ==
         std::set<std::string>{"openid", "Calendars.ReadWrite", "User.Read"}));
}

CALINT_TEST(only_scopes_that_graph_needs_can_be_missing) {
  CHECK(missing_scopes({}).empty());
  CHECK(missing_scopes({"Calendars.ReadWrite", "mailboxsettings.read"}).empty());
  CHECK_EQUAL(missing_scopes({"openid", "Calendars.ReadWrite"}), std::vector<std::string>{"MailboxSettings.Read"});
  CHECK_EQUAL(missing_scopes({"Calendars.Read", "MailboxSettings.Read"}),
              std::vector<std::string>{"Calendars.ReadWrite"});
}
