// Checks across directives: what no setter can see alone.
#pragma once

#include <vector>

#include "httpd/config.h"
#include "httpd/problem.h"

namespace calint::httpd {

// The configurations that are to be served: those with directives. A main server that lacks one of the
// directives that can't be left out isn't among them where virtual hosts add to it: it only holds defaults.
std::vector<ServerAndConfig> served_configs(server_rec* main_server);

// Of one configuration. Without I/O; the session's safety is judged by the configuration tree.
std::vector<Problem> find_problems(const ServerConfig& config);

// Writes the problem to the error log, or to the terminal while the server isn't up yet.
void report(const server_rec* s, const Problem& problem);

// The check_config hook: refuses a first start and a configtest. On a restart it lets everything pass,
// because refusing would end the running server; post_config repeats the checks and degrades.
int check_config(apr_pool_t* pconf, apr_pool_t* plog, apr_pool_t* ptemp, server_rec* s);

// True while a running server reads its configuration again.
bool is_restart();

// How many connections to the database of `config` this node takes at most: the pool, which counts for all of its
// servers and background work, and a listener of each server that has one.
struct DatabaseConnections {
  unsigned pool = 0;
  unsigned listeners = 0;
  unsigned all() const { return pool + listeners; }
};
DatabaseConnections database_connections(server_rec* main_server, const ServerConfig& config);

}  // namespace calint::httpd
