// The database of one installation, and the ways that tests have to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "postgres/pool.h"
#include "support/database.h"

namespace calint::test {

// In the shared cluster. Each of its functions fails the test where the database refuses.
class Installation {
 public:
  // A new database that is migrated, with the ATS's tables, and holds what `script` puts there.
  explicit Installation(const std::string& script = "");

  std::unique_ptr<postgres::Session> open(const std::string& role = "calint") const;
  void run(const std::string& sql) const;
  postgres::Rows rows(postgres::Sql sql);
  // The column `n` of the first row.
  int64_t number(postgres::Sql sql);

  const std::string database;  // its name
  const std::string conninfo;  // to it
  postgres::Pool pool;         // of eight connections; there is none before the first use

 protected:
  // A database that was made some other way.
  struct Existing {
    std::string database;
  };
  explicit Installation(Existing existing);
};

}  // namespace calint::test
