#include "httpd/session.h"

#include "crypto/random.h"

namespace calint::httpd {
namespace {

constexpr const char* kBindingKey = "calint";
constexpr size_t kBindingBytes = 32;

// nullptr without mod_session, with "Session Off", for excluded URLs, and where loading failed. A cookie
// that is garbage, expired or sealed with a key that is gone gives a blank session. Loaded before every get
// and set: with no session those would answer success and do nothing.
session_rec* load(request_rec* r) {
  auto* load_session = APR_RETRIEVE_OPTIONAL_FN(ap_session_load);
  session_rec* session = nullptr;
  if (load_session == nullptr || load_session(r, &session) != APR_SUCCESS) return nullptr;
  return session;
}

const char* entry(request_rec* r, session_rec* session, const char* key) {
  auto* get = APR_RETRIEVE_OPTIONAL_FN(ap_session_get);
  const char* value = nullptr;
  if (get == nullptr || get(r, session, key, &value) != APR_SUCCESS) return nullptr;
  return value;
}

// Saved at once, not by mod_session's filter, because that one loads the session anew: a value set in a
// blank session would be lost. mod_session would save once more when the answer is sent: where the browser sent a
// cookie that couldn't be decoded it doesn't find the session saved here, and with SessionMaxAge it would write a
// second, blank cookie over it.
bool save(request_rec* r, session_rec* session, const std::string& binding) {
  auto* set = APR_RETRIEVE_OPTIONAL_FN(ap_session_set);
  auto* save_session = APR_RETRIEVE_OPTIONAL_FN(ap_session_save);
  if (set == nullptr || save_session == nullptr) return false;
  if (set(r, session, kBindingKey, binding.c_str()) != APR_SUCCESS) return false;
  if (save_session(r, session) != APR_SUCCESS) return false;
  leave_session_alone(r);
  return true;
}

}  // namespace

std::optional<Secret> session_binding(request_rec* r, Missing missing) {
  session_rec* session = load(r);
  if (session == nullptr) return std::nullopt;
  const char* kept = entry(r, session, kBindingKey);
  if (kept != nullptr && crypto::is_random_token(kept, kBindingBytes)) return Secret(std::string_view(kept));

  std::string binding = crypto::random_token(kBindingBytes);
  if (missing == Missing::make_and_save && !save(r, session, binding)) {
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r,
                  "CALINT0107: the session could not be saved; is there a SessionCookieName?");
    return std::nullopt;
  }
  return Secret(std::move(binding));
}

void leave_session_alone(request_rec* r) {
  for (ap_filter_t* filter = r->output_filters; filter != nullptr; filter = filter->next) {
    if (ap_cstr_casecmp(filter->frec->name, "MOD_SESSION_OUT") != 0) continue;
    ap_remove_output_filter(filter);
    return;
  }
}

std::optional<std::string> session_entry(request_rec* r, const std::string& key) {
  session_rec* session = load(r);
  const char* value = session == nullptr ? nullptr : entry(r, session, key.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

}  // namespace calint::httpd
