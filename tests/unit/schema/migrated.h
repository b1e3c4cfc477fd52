// A database in which the ATS made a table of its own before it was migrated.
#pragma once

#include <string>
#include <utility>

#include "schema/migrate.h"
#include "support/check.h"
#include "support/installation.h"
#include "support/postgres.h"

namespace calint::test {

struct Migrated : Installation {
  explicit Migrated(const std::string& sql, const schema::MigrateOptions& options = {},
                    const std::string& encoding = "UTF8")
      : Installation(Existing{cluster().create_database(encoding)}) {
    run(sql);
    migrate(options);
  }

  void migrate(const schema::MigrateOptions& options = {}) {
    auto done = schema::migrate(*open(), options, soon());
    CHECK_OK(done);
    report = std::move(*done);
  }

  schema::MigrateReport report;  // of the last time
};

}  // namespace calint::test
