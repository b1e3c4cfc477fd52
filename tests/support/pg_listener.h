// A PostgreSQL session that listens on a channel.
#pragma once

#include <string>

struct pg_conn;

namespace calint::test {

// Aborts where it can't connect. One thread at a time.
class PgListener {
 public:
  PgListener(const std::string& conninfo, const std::string& channel);
  ~PgListener();
  PgListener(const PgListener&) = delete;
  PgListener& operator=(const PgListener&) = delete;

  // Notifications so far.
  int heard();
  // The payload of the last one.
  const std::string& payload() const { return payload_; }

 private:
  pg_conn* conn_;
  int heard_ = 0;
  std::string payload_;
};

}  // namespace calint::test
