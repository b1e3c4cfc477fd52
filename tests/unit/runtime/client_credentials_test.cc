#include "runtime/client_credentials.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "support/check.h"
#include "support/client_key.h"

using namespace calint;

namespace {

class File {
 public:
  explicit File(std::string_view text, mode_t mode = 0600) {
    close(mkstemp(path_.data()));
    std::ofstream(path_) << text;
    chmod(path_.c_str(), mode);
  }
  ~File() { unlink(path_.c_str()); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = "/tmp/calint_client_XXXXXX";
};

ProviderSettings with(const File& certificate, const File& key) {
  return {.client_id = "client", .client_certificate = certificate.path(), .client_key_source = "file:" + key.path()};
}

void check_refused(ProviderSettings settings, std::string_view says) {
  auto status = read_client_credentials(settings);
  CHECK_FAULT(status, Fault::operator_fault);
  ck_assert_msg(status.error().what.find(says) != std::string::npos, "%s", status.error().what.c_str());
}

}  // namespace

CALINT_TEST(a_client_has_the_secret_that_its_file_holds) {
  const File secret("GOCSPX-abc\n");
  ProviderSettings settings{.client_id = "client", .client_secret_source = "file:" + secret.path()};
  CHECK_OK(read_client_credentials(settings));
  CHECK_EQUAL(settings.client().client_secret.reveal(), "GOCSPX-abc");
  CHECK(settings.client().certificate == nullptr);
}

CALINT_TEST(a_client_has_the_certificate_and_key_that_its_files_hold) {
  const test::ClientKey pair = test::client_key();
  const File certificate(pair.certificate_pem, 0644), key(pair.key_pem.reveal());
  ProviderSettings settings = with(certificate, key);
  CHECK_OK(read_client_credentials(settings));
  CHECK(settings.client().client_secret.empty());
  CHECK(test::is_ps256(pair.key.get(), "text", settings.client().certificate->sign_ps256("text")));
}

CALINT_TEST(credentials_that_cannot_be_used_are_refused_by_their_directive) {
  const test::ClientKey pair = test::client_key();
  const File certificate(pair.certificate_pem, 0644), key(pair.key_pem.reveal()), open_key(pair.key_pem.reveal(), 0644);
  const File other(test::client_key().key_pem.reveal());
  check_refused({.client_id = "client", .client_secret_source = "file:/no/such/file"},
                "CalIntClientSecret: /no/such/file");
  ProviderSettings missing = with(certificate, key);
  missing.client_certificate = "/no/such/file";
  check_refused(missing, "CalIntClientCertificate: /no/such/file");
  check_refused(with(certificate, open_key), "CalIntClientKey: ");
  check_refused(with(certificate, open_key), "chmod 600");
  check_refused(with(certificate, other),
                "CalIntClientCertificate and CalIntClientKey: the key isn't the certificate's");
}
