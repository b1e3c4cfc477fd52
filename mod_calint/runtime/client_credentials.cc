#include "runtime/client_credentials.h"

#include <fmt/format.h>

#include "runtime/secret_source.h"

namespace calint {
namespace {

Error named(std::string_view directive, Error error) {
  error.what = fmt::format("{}: {}", directive, error.what);
  return error;
}

Status read_certificate(ProviderSettings& settings) {
  auto certificate = read_public_file(settings.client_certificate);
  if (!certificate) return named("CalIntClientCertificate", std::move(certificate).error());
  auto key = read_secret(settings.client_key_source);
  if (!key) return named("CalIntClientKey", std::move(key).error());
  auto parsed = crypto::CertifiedKey::parse(certificate->reveal(), *key);
  if (!parsed) return named("CalIntClientCertificate and CalIntClientKey", std::move(parsed).error());
  settings.certificate = std::move(parsed).value();
  return {};
}

}  // namespace

Status read_client_credentials(ProviderSettings& settings) {
  if (!settings.client_certificate.empty()) return read_certificate(settings);
  auto secret = read_secret(settings.client_secret_source);
  if (!secret) return named("CalIntClientSecret", std::move(secret).error());
  settings.client_secret = std::move(secret).value();
  return {};
}

}  // namespace calint
