// calintctl: what an administrator does from a shell. It uses the core and neither httpd nor APR.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>

#include "ctl/command.h"

namespace {

using calint::ctl::ExplainCommand;
using calint::ctl::JobsCommand;
using calint::ctl::KeyCommand;
using calint::ctl::Options;

int run(int argc, char** argv) {
  CLI::App app{"Administers mod_calint: database schema, keys and background jobs.", "calintctl"};
  app.set_version_flag("--version", "calintctl " CALINT_VERSION);
  app.require_subcommand(1);
  app.fallthrough();

  Options options;
  app.add_option("--database", options.database, "libpq connection string or URI")->envname("CALINT_DATABASE");
  app.add_option("--key-file", options.key_file, "the keyset's path")->envname("CALINT_KEY_FILE");
  app.add_flag("--json", options.json, "print JSON");

  int code = calint::ctl::kDone;
  bool with_ats_tables = false;
  CLI::App* migrate = app.add_subcommand("migrate", "bring the database's schema up to date");
  migrate->add_flag("--with-ats-tables", with_ats_tables, "also create users and audit_logs where they don't exist");
  migrate->callback([&] { code = calint::ctl::migrate(options, with_ats_tables); });

  CLI::App* keys = app.add_subcommand("keys", "generate and rotate the keys that seal tokens");
  keys->require_subcommand(1);
  KeyCommand key;
  keys->add_subcommand("generate", "make a new keyset file")->callback([&] {
    code = calint::ctl::keys_generate(options);
  });
  keys->add_subcommand("list", "list ids and states")->callback([&] { code = calint::ctl::keys_list(options); });
  keys->add_subcommand("add", "add a pending key")->callback([&] { code = calint::ctl::keys_add(options); });
  CLI::App* promote = keys->add_subcommand("promote", "make a key the one that seals");
  promote->add_option("id", key.id, "the key's id")->required();
  promote->add_flag("--force", key.force, "without asking whether every node has the key");
  promote->callback([&] { code = calint::ctl::keys_promote(options, key); });
  keys->add_subcommand("reencrypt", "move stored values to the primary key")->callback([&] {
    code = calint::ctl::keys_reencrypt(options);
  });
  CLI::App* retire = keys->add_subcommand("retire", "disable a key that nothing uses any more");
  retire->add_option("id", key.id, "the key's id")->required();
  retire->add_flag("--force", key.force, "without asking whether a node still seals with it");
  retire->callback([&] { code = calint::ctl::keys_retire(options, key); });
  CLI::App* enable = keys->add_subcommand("enable", "let a retired key open again");
  enable->add_option("id", key.id, "the key's id")->required();
  enable->callback([&] { code = calint::ctl::keys_enable(options, key); });

  calint::ctl::ServiceKeyCommand service;
  CLI::App* service_keys = app.add_subcommand("service-keys", "make and withdraw keys for the ATS's back end");
  service_keys->require_subcommand(1);
  service_keys->add_option("--file", service.file, "the file of CalIntServiceKeyFile")
      ->envname("CALINT_SERVICE_KEY_FILE");
  CLI::App* add_service = service_keys->add_subcommand("add", "make a key, and print it this once");
  add_service->add_option("name", service.name, "by which it is listed, logged and withdrawn")->required();
  add_service->add_option("--organization", service.organization, "whose users it is for; '*': any, named in each call")
      ->required();
  add_service->add_option("--scopes", service.scopes, "availability, events, changes, with commas")->required();
  add_service->add_option("--expires", service.expires, "when it ends, RFC 3339");
  add_service->callback([&] { code = calint::ctl::service_keys_add(options, service); });
  service_keys->add_subcommand("list", "names, organisations, scopes and expiries")->callback([&] {
    code = calint::ctl::service_keys_list(options, service);
  });
  CLI::App* revoke_service = service_keys->add_subcommand("revoke", "withdraw a key");
  revoke_service->add_option("name", service.name, "the key's name")->required();
  revoke_service->callback([&] { code = calint::ctl::service_keys_revoke(options, service); });

  calint::ctl::OrganizationCommand rules;
  CLI::App* organization = app.add_subcommand("organization", "an organisation's rules for slots");
  organization->add_option("id", rules.id, "its id; '' where there are none")->required();
  organization->add_option("--set", rules.change, "a JSON object of what changes; null takes a rule back");
  organization->callback([&] { code = calint::ctl::organization(options, rules); });

  CLI::App* jobs = app.add_subcommand("jobs", "look at and work off background jobs");
  jobs->require_subcommand(1);
  JobsCommand command;
  jobs->add_subcommand("list", "what waits, runs or was given up")->callback([&] {
    code = calint::ctl::jobs_list(options);
  });
  jobs->add_subcommand("retry", "what waits for the operator is due again")->callback([&] {
    code = calint::ctl::jobs_retry(options);
  });
  CLI::App* jobs_run =
      jobs->add_subcommand("run", "work off what needs no OAuth client: revocations, leavers, retention");
  jobs_run->add_option("--revoke-url", command.revoke_urls, "PROVIDER=URL in place of the provider's own");
  jobs_run->add_option("--ca-file", command.ca_file, "trusted certificates, PEM");
  jobs_run->add_option("--proxy", command.proxy, "outbound proxy");
  jobs_run->add_flag("--allow-insecure-loopback", command.allow_insecure_loopback,
                     "allow http to this host, for tests");
  CLI::Option* leavers =
      jobs_run->add_flag("--leavers", command.leavers, "look for users who have left, and nothing else");
  jobs_run->add_option("--confirm", command.confirmed, "ORGANIZATION whose users have left, however many")
      ->needs(leavers);
  jobs_run->callback([&] { code = calint::ctl::jobs_run(options, command); });

  app.add_subcommand("status", "how connections, jobs, refreshes and nodes stand")->callback([&] {
    code = calint::ctl::status(options);
  });

  ExplainCommand question;
  CLI::App* explain = app.add_subcommand("explain", "what calendar data make of somebody's time, event by event");
  explain->add_option("--integration", question.integration, "what the database has of it, instead of files");
  explain->add_option("--provider", question.provider,
                      "whose data they are: google, outlook (JSON) or apple (iCalendar)");
  explain->add_option("--zone", question.zone, "of the calendar or its owner, for times and days without one");
  explain->add_option("--account", question.accounts, "an address of the calendar's owner; may be repeated")
      ->expected(1)
      ->take_all();
  explain->add_option("--from", question.from, "the window's begin, RFC 3339");
  explain->add_option("--to", question.to, "the window's end, RFC 3339");
  explain->add_option("FILE", question.files, "calendar data; - is standard input");
  explain->callback([&] { code = calint::ctl::explain(options, question); });

  calint::ctl::SlotsCommand asked;
  CLI::App* slots = app.add_subcommand("slots", "find free slots for a file of rules and one of people");
  slots->add_option("--request", asked.request_file, "what POST /slots takes, JSON; - for standard input")->required();
  slots->add_option("--people", asked.people_file, "whose time is how, JSON; - for standard input")->required();
  slots->add_option("--now", asked.now, "the time from which notice counts, RFC 3339")->required();
  slots->callback([&] { code = calint::ctl::slots(options, asked); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int parsed = app.exit(error);
    return parsed == 0 ? calint::ctl::kDone : calint::ctl::kUsage;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "calintctl: internal error: %s\n", error.what());
    return calint::ctl::kFailed;
  }
}
