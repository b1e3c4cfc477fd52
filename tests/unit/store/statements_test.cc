// Every statement of the program, as PostgreSQL understands it over a migrated database, and how parameters are given.
#include <iterator>

#include "embedded_statements.h"
#include "support/check.h"
#include "support/installation.h"

using namespace calint;
using calint::test::soon;

namespace {

template <typename S>
concept takes_both = requires { S{.organization_id = "1", .user_id = "7"}; };
template <typename S>
concept takes_one = requires { S{.organization_id = "1"}; };
template <typename S>
concept takes_misspelt = requires { S{.organization_id = "1", .userid = "7"}; };
template <typename S>
concept takes_number = requires { S{.organization_id = 1, .user_id = "7"}; };

using store::sql::lock_user;
static_assert(takes_both<lock_user>);
static_assert(!takes_one<lock_user> && !takes_misspelt<lock_user> && !takes_number<lock_user>);

}  // namespace

CALINT_TEST(every_statement_is_understood_and_its_parameters_have_the_types_that_the_code_gives_them) {
  auto connection = test::Installation().open();
  for (const embedded::EmbeddedStatement& statement : embedded::kStatements) {
    const std::string path(statement.path);
    const Status prepared = connection->script("PREPARE s AS " + std::string(statement.sql.text()), soon());
    ck_assert_msg(prepared.ok(), "%s: %s", path.c_str(), prepared.ok() ? "" : prepared.error().what.c_str());
    auto types = connection->query({"SELECT parameter_types = string_to_array($1, ',')::regtype[] AS same,"
                                    " parameter_types::text AS understood FROM pg_prepared_statements WHERE name = 's'",
                                    {statement.types}},
                                   soon());
    CHECK_OK(types);
    ck_assert_msg(types->boolean(0, "same"), "%s: PostgreSQL takes the parameters for %s, the code for %s",
                  path.c_str(), std::string(types->text(0, "understood")).c_str(),
                  std::string(statement.types).c_str());
    CHECK_OK(connection->script("DEALLOCATE s", soon()));
  }
  CHECK(std::size(embedded::kStatements) > 10);
}
