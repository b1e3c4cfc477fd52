// Whom a signed-in login names.
#include "store/users.h"

#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using namespace calint::store;
using calint::test::soon;

namespace {

// The organisations 1 and 2 each have an ada; only 1 has a bob.
constexpr const char* kPeople =
    "INSERT INTO users (id, organization_id, email, name, is_admin)"
    " VALUES (1, 1, 'ada', 'Ada', true), (2, 2, 'ada', 'Ada', true), (3, 1, 'bob', 'Bob', true)";

}  // namespace

CALINT_TEST(a_login_of_an_organisation_names_its_person_there) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  auto found = find_signed_in(pool, {.name = "ada", .organization = "2"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->user.id, "2");
}

CALINT_TEST(a_login_of_another_or_of_no_organisation_names_nobody) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  for (const char* organization : {"2", "", "3"})
    CHECK_FAULT(find_signed_in(pool, {.name = "bob", .organization = organization}, std::nullopt, soon()),
                Fault::forbidden);
}

CALINT_TEST(a_login_of_the_whole_ats_must_name_one_person) {
  test::Installation installation(kPeople);
  postgres::Pool& pool = installation.pool;
  auto found = find_signed_in(pool, {.name = "bob"}, std::nullopt, soon());
  CHECK_OK(found);
  CHECK_EQUAL(found->user.id, "3");
  CHECK_FAULT(find_signed_in(pool, {.name = "ada"}, std::nullopt, soon()), Fault::forbidden);
}
