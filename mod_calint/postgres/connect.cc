#include "postgres/connect.h"

#include <libpq-fe.h>
#include <poll.h>

#include <string_view>
#include <vector>

#include "postgres/conninfo.h"
#include "postgres/socket_wait.h"
#include "postgres/sql_error.h"

namespace calint::postgres {
namespace {

Error refusal(Fault fault, std::string what, std::string code = {}) {
  return Error{
      .fault = fault, .what = std::move(what), .code = std::move(code), .nothing_sent = true, .of_database = true};
}

// libpq keeps the SQLSTATE of a failed connect to itself, but prints it where it is told to be verbose:
// "FATAL:  28P01: password authentication failed for user ...".
std::string printed_sqlstate(std::string_view message) {
  for (size_t at = message.find(":  "); at != std::string_view::npos; at = message.find(":  ", at + 1)) {
    const std::string_view code = message.substr(at + 3, 6);
    if (code.size() == 6 && code[5] == ':' &&
        code.substr(0, 5).find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos) {
      return std::string(code.substr(0, 5));
    }
  }
  return {};
}

// Without the line that names a place in PostgreSQL's source.
std::string printed_text(std::string_view message) {
  std::string text;
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n'));
    message.remove_prefix(std::min(message.size(), line.size() + 1));
    if (!line.starts_with("LOCATION:")) text += std::string(line) + ' ';
  }
  return one_line(text);
}

Error failure(const PGconn* conn) {
  const std::string_view message = PQerrorMessage(conn);
  const std::string sqlstate = printed_sqlstate(message);
  Fault fault = Fault::unavailable;
  if (PQconnectionNeedsPassword(conn) == 1) fault = Fault::operator_fault;
  if (!sqlstate.empty() && fault_of(sqlstate) == Fault::operator_fault) fault = Fault::operator_fault;
  return refusal(fault, "database: " + printed_text(message), sqlstate);
}

ConnHandle start(const ConnectSettings& settings) {
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  ConnHandle conn(PQconnectStartParams(keywords.data(), values.data(), 0));
  if (!conn) throw std::bad_alloc();
  return conn;
}

Result<ConnHandle> try_host(const ConnectSettings& settings, Deadline deadline) {
  ConnHandle conn = start(settings);
  PQsetErrorVerbosity(conn.get(), PQERRORS_VERBOSE);
  // libpq would print the server's notices to stderr.
  PQsetNoticeReceiver(conn.get(), [](void*, const PGresult*) {}, nullptr);
  PostgresPollingStatusType next = PGRES_POLLING_WRITING;
  while (PQstatus(conn.get()) != CONNECTION_BAD && next != PGRES_POLLING_OK && next != PGRES_POLLING_FAILED) {
    if (!wait_for(conn.get(), next == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
      return refusal(Fault::unavailable, "database: no connection within the time allowed");
    }
    next = PQconnectPoll(conn.get());
  }
  if (PQstatus(conn.get()) != CONNECTION_OK) return failure(conn.get());
  return conn;
}

Status make_ready(PGconn* conn) {
  PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
  const char* date_style = PQparameterStatus(conn, "DateStyle");
  if (date_style != nullptr && !std::string_view(date_style).starts_with("ISO")) {
    return refusal(Fault::operator_fault,
                   "database: DateStyle must be ISO: ALTER ROLE ... SET datestyle = 'ISO' for the role used here");
  }
  if (PQsetnonblocking(conn, 1) != 0 || PQenterPipelineMode(conn) != 1) {
    return refusal(Fault::unavailable, "database: " + one_line(PQerrorMessage(conn)));
  }
  return {};
}

}  // namespace

void Finish::operator()(pg_conn* conn) const { PQfinish(conn); }

Result<ConnHandle> connect(const std::string& conninfo, Deadline deadline) {
  Result<std::vector<ConnectSettings>> tries = connect_tries(conninfo);
  if (!tries) return refusal(tries.error().fault, tries.error().what);
  Error last = refusal(Fault::unavailable, "database: no connection within the time allowed");
  for (size_t i = 0; i < tries->size() && !deadline.passed(); ++i) {
    const ConnectSettings& settings = (*tries)[i];
    Deadline share = deadline.at_most(deadline.remaining() / (tries->size() - i));
    if (const auto own = connect_timeout(settings)) share = share.at_most(*own);
    Result<ConnHandle> conn = try_host(settings, share);
    if (conn.ok()) {
      if (Status ready = make_ready(conn->get()); !ready) return ready.error();
      return conn;
    }
    last = conn.error();
    if (last.fault != Fault::unavailable) break;
  }
  return last;
}

}  // namespace calint::postgres
