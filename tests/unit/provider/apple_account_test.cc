#include "provider/apple/account.h"

#include "support/check.h"

using namespace calint;
using namespace calint::apple;

namespace {

std::string password(std::string_view typed) {
  auto made = normalised_password(typed);
  CHECK_OK(made);
  return std::string(made->reveal());
}

void check_refused(const Error& error, Detail detail) {
  CHECK_EQUAL(error.fault, Fault::bad_input);
  CHECK_EQUAL(error.detail, detail);
  CHECK(error.nothing_sent);
}

}  // namespace

CALINT_TEST(an_account_has_one_spelling) {
  for (const char* typed : {"avery@icloud.example", " Avery@iCloud.Example\t", "AVERY@ICLOUD.EXAMPLE\r\n"})
    CHECK_EQUAL(normalised_account(typed).value(), "avery@icloud.example");
  CHECK_EQUAL(normalised_account("+49 170 1234567").value(), "+49 170 1234567");
  CHECK_EQUAL(normalised_account("\xc3\x84very@example.com").value(), "\xc3\x84very@example.com");
}

CALINT_TEST(an_account_that_cannot_be_sent_is_refused) {
  const std::pair<std::string, Detail> cases[] = {
      {"", Detail::missing},           {"  \t", Detail::missing},
      {"a:b@example.com", Detail::none}, {"a\nb@example.com", Detail::none},
      {"a\x7f@example.com", Detail::none}, {std::string("a\0b", 3), Detail::none},
      {"a\xff@example.com", Detail::none}, {std::string(255, 'a'), Detail::too_long}};
  for (const auto& [typed, detail] : cases) {
    auto account = normalised_account(typed);
    CHECK(!account);
    check_refused(account.error(), detail);
  }
  CHECK_OK(normalised_account(std::string(254, 'a')));
}

CALINT_TEST(a_password_of_apples_form_gets_its_hyphens) {
  for (const char* typed : {"abcdefghijklmnop", "abcd-efgh-ijkl-mnop", " ABCD-EFGH-IJKL-MNOP\n", "AbcdEfghIjklMnop"})
    CHECK_EQUAL(password(typed), "abcd-efgh-ijkl-mnop");
}

CALINT_TEST(any_other_password_stays_as_typed) {
  for (const char* typed :
       {"Abcdefghijklmno", "Abcdefghijklmnopq", "Abcdefghijklmn0p", "Ab-cdefghijklmnopqr", "Abcd_efgh_ijkl_mnop",
        "Abcd-efgh-ijkl-mno1", "-Abcdefghijklmnop--", "pass word: \xc3\xa4", "x"})
    CHECK_EQUAL(password(typed), typed);
}

CALINT_TEST(a_password_that_cannot_be_sent_is_refused_and_not_repeated) {
  const std::pair<std::string, Detail> cases[] = {
      {"", Detail::missing},        {" \n", Detail::missing},
      {"s3cret\nA", Detail::none},  {"s3cret\x7f", Detail::none},
      {std::string("s3cret\0", 7), Detail::none}, {"s3cret" + std::string(123, 'x'), Detail::too_long}};
  for (const auto& [typed, detail] : cases) {
    auto made = normalised_password(typed);
    CHECK(!made);
    check_refused(made.error(), detail);
    CHECK_EQUAL(made.error().what.find("s3cret"), std::string::npos);
  }
  CHECK_EQUAL(password(std::string(128, 'x')), std::string(128, 'x'));
}
