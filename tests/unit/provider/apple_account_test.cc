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

void check_refused(const Error& error, const char* code) {
  CHECK(error.fault == Fault::bad_input);
  CHECK_EQUAL(error.code, code);
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
  for (const std::string& typed : {std::string(), std::string("  \t"), std::string("a:b@example.com"),
                                   std::string("a\nb@example.com"), std::string("a\x7f@example.com"),
                                   std::string("a\0b", 3), std::string("a\xff@example.com"), std::string(255, 'a')}) {
    auto account = normalised_account(typed);
    CHECK(!account);
    check_refused(account.error(), "account");
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
  for (const std::string& typed :
       {std::string(), std::string(" \n"), std::string("s3cret\nA"), std::string("s3cret\x7f"),
        std::string("s3cret\0", 7), "s3cret" + std::string(123, 'x')}) {
    auto made = normalised_password(typed);
    CHECK(!made);
    check_refused(made.error(), "password");
    CHECK(made.error().what.find("s3cret") == std::string::npos);
  }
  CHECK_EQUAL(password(std::string(128, 'x')), std::string(128, 'x'));
}
