#include "net/trust_store.h"

#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>

namespace calint {
namespace {

std::string or_nothing(const char* text) { return text == nullptr ? std::string() : text; }

bool load_file(X509_STORE* store, const std::string& path) {
  return !path.empty() && X509_STORE_load_file(store, path.c_str()) == 1;
}

// Says yes to any folder: certificates in it are looked for when they are needed.
bool use_folder(X509_STORE* store, const std::string& path) {
  return !path.empty() && X509_STORE_load_path(store, path.c_str()) == 1;
}

}  // namespace

Result<std::shared_ptr<const TrustStore>> TrustStore::load(const std::string& ca_file) {
  X509_STORE* store = X509_STORE_new();
  if (store == nullptr) throw std::bad_alloc();
  std::shared_ptr<const TrustStore> trust(new TrustStore(store));
  const curl_version_info_data* libcurl = curl_version_info(CURLVERSION_NOW);
  const std::string bundle = ca_file.empty() ? or_nothing(libcurl->cainfo) : ca_file;
  // mod_ssl reads the same error queue.
  ERR_set_mark();
  const bool loaded = load_file(store, bundle) || (ca_file.empty() && use_folder(store, or_nothing(libcurl->capath)));
  ERR_pop_to_mark();
  if (!loaded)
    return Error{.fault = Fault::operator_fault,
                 .what = fmt::format("no certificates can be read from {}", bundle.empty() ? "the system" : bundle)};
  // As libcurl does: an authority in the middle of a chain may be the one that is believed.
  X509_STORE_set_flags(store, X509_V_FLAG_TRUSTED_FIRST | X509_V_FLAG_PARTIAL_CHAIN);
  return trust;
}

TrustStore::~TrustStore() { X509_STORE_free(store_); }

void TrustStore::give_to(SSL_CTX* context) const { SSL_CTX_set1_cert_store(context, store_); }

}  // namespace calint
