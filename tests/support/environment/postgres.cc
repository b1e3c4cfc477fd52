// The cluster that this program's tests share.
#include "support/check.h"
#include "support/postgres.h"

static const calint::test::Environment env(calint::test::start_postgres, calint::test::stop_postgres);
