// What calintctl's commands share: options, output, exit codes.
#pragma once

#include <memory>
#include <string>

#include "base/reaction.h"
#include "base/result.h"
#include "postgres/pool.h"

namespace calint::ctl {

inline constexpr int kDone = static_cast<int>(Exit::done);
inline constexpr int kFailed = static_cast<int>(Exit::failed);
inline constexpr int kUsage = static_cast<int>(Exit::usage);
inline constexpr int kUnavailable = static_cast<int>(Exit::unavailable);

struct Options {
  std::string database;
  std::string key_file;
  bool json = false;
};

// Prints the error to standard error, as a line or as JSON, and returns the exit code that fits it.
int report(const Options& options, const Error& error);

// How long a command may take; generous, because a person can press Ctrl-C.
Deadline command_deadline();

// bad_input where --database or --key-file is missing.
Status need_database(const Options& options);
Status need_key_file(const Options& options);

std::unique_ptr<postgres::Pool> open_pool(const Options& options);

// The commands, each in the file of its first word. They return an exit code.

int migrate(const Options& options, bool with_ats_tables);

struct KeyCommand {
  std::string id;     // of promote, retire and enable
  bool force = false;
};
int keys_generate(const Options& options);
int keys_list(const Options& options);
int keys_add(const Options& options);
int keys_promote(const Options& options, const KeyCommand& command);
int keys_reencrypt(const Options& options);
int keys_retire(const Options& options, const KeyCommand& command);
int keys_enable(const Options& options, const KeyCommand& command);

struct ServiceKeyCommand {
  std::string file;
  std::string name;          // of add and revoke
  std::string organization;  // "*": any; "": an ATS without organisations
  std::string scopes;        // "availability,events"
  std::string expires;       // RFC 3339; empty: never
};
int service_keys_add(const Options& options, const ServiceKeyCommand& command);
int service_keys_list(const Options& options, const ServiceKeyCommand& command);
int service_keys_revoke(const Options& options, const ServiceKeyCommand& command);

struct OrganizationCommand {
  std::string id;
  std::string change;  // JSON; empty: none
};
int organization(const Options& options, const OrganizationCommand& command);

struct JobsCommand {
  std::vector<std::string> revoke_urls;  // "google=https://..."
  std::string ca_file;
  std::string proxy;
  bool allow_insecure_loopback = false;
  bool leavers = false;                // nothing but leavers, at once
  std::vector<std::string> confirmed;  // organisations whose leavers are believed, however many they are
};
int jobs_list(const Options& options);
int jobs_retry(const Options& options);
int jobs_run(const Options& options, const JobsCommand& command);

int status(const Options& options);

struct ExplainCommand {
  int64_t integration = 0;            // what is stored of it; 0: files
  std::string provider;               // whose dialect the files are in
  std::string zone;                   // of the calendar or its owner
  std::vector<std::string> accounts;  // the owner's addresses
  std::string from, to;               // the window; RFC 3339
  std::vector<std::string> files;     // "-" is standard input
};
int explain(const Options& options, const ExplainCommand& command);

struct SlotsCommand {
  std::string request_file;  // "-": standard input
  std::string people_file;
  std::string now;
};
int slots(const Options& options, const SlotsCommand& command);

}  // namespace calint::ctl
