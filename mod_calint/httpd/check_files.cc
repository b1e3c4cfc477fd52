#include "httpd/check_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <string_view>

#include "base/trusted_file.h"

namespace calint::httpd {
namespace {

// The file's state, or a finding that says why it can't be used.
bool look_at(Findings& findings, std::string_view directive, const std::string& path, struct stat& found) {
  if (stat(path.c_str(), &found) == 0) return true;
  if (errno == EACCES)
    findings.warning("{}: this user can't look at {}; test the configuration as root", directive, path);
  else
    findings.fatal("{}: {}: {}; correct the path, or put the file there", directive, path, std::strerror(errno));
  return false;
}

void check_source(Findings& findings, std::string_view directive, std::string_view source) {
  struct stat found {};
  if (source.starts_with("exec:")) {
    std::string path(source.substr(5));
    if (!look_at(findings, directive, path, found)) return;
    if (auto opened = open_roots_file(path); !opened)
      findings.fatal("{}: {}", directive, opened.error().what);
    else if ((found.st_mode & S_IXUSR) == 0)
      findings.fatal("{}: {} is not a program; chmod u+x it", directive, path);
  } else if (source.starts_with("/")) {
    std::string path(source);
    if (!look_at(findings, directive, path, found)) return;
    if (const std::string_view wrong = objection_to_secret(found); !wrong.empty())
      findings.fatal("{}: {} {}", directive, path, wrong);
  }
}

// Without a prefix it is the secret itself.
void check_client_source(Findings& findings, std::string_view directive, std::string_view source) {
  if (source.starts_with("file:"))
    check_source(findings, directive, source.substr(5));
  else if (source.starts_with("exec:"))
    check_source(findings, directive, source);
}

}  // namespace

std::vector<Problem> find_file_problems(const Settings& settings) {
  Findings findings;
  struct stat found {};
  check_source(findings, "CalIntKeyFile", settings.key_file);
  if (!settings.service_key_file.empty() &&
      look_at(findings, "CalIntServiceKeyFile", settings.service_key_file, found))
    if (const std::string_view wrong = objection_to_rules(found); !wrong.empty())
      findings.fatal("CalIntServiceKeyFile: {} {}", settings.service_key_file, wrong);
  if (settings.database.starts_with("exec:")) check_source(findings, "CalIntDatabase", settings.database);
  if (settings.database_listen.starts_with("exec:"))
    check_source(findings, "CalIntDatabaseListen", settings.database_listen);
  for (const auto& [id, provider] : settings.providers) {
    check_client_source(findings, "CalIntClientSecret", provider.client_secret_source);
    check_client_source(findings, "CalIntClientKey", provider.client_key_source);
    if (!provider.client_certificate.empty())
      look_at(findings, "CalIntClientCertificate", provider.client_certificate, found);
  }
  if (!settings.ca_file.empty()) look_at(findings, "CalIntCAFile", settings.ca_file, found);
  if (!settings.template_dir.empty() && look_at(findings, "CalIntTemplateDir", settings.template_dir, found))
    if (!S_ISDIR(found.st_mode)) findings.fatal("CalIntTemplateDir: {} is not a folder", settings.template_dir);
  return findings.take();
}

}  // namespace calint::httpd
