// oauth/state, fed with a state as a browser brings it, and with what stands behind the seal.
#include "oauth/state.h"

#include <algorithm>

#include "base/encoding.h"
#include "crypto/seal.h"
#include "fuzz.h"

using namespace calint;

namespace {

const Secret kBinding(std::string_view("binding of one session"));
const Secret kOtherBinding(std::string_view("binding of another session"));
constexpr std::chrono::seconds kLifetime{600};
constexpr std::chrono::seconds kSkew{60};

bool equal(const oauth::FlowState& a, const oauth::FlowState& b) {
  return a.flow_id == b.flow_id && a.organization_id == b.organization_id && a.user_id == b.user_id &&
         a.provider == b.provider && a.client_id == b.client_id && a.client_version == b.client_version &&
         a.redirect_uri_hash == b.redirect_uri_hash && a.purpose == b.purpose &&
         a.integration_id == b.integration_id && a.generation == b.generation && a.issued_at == b.issued_at &&
         a.return_to == b.return_to;
}

void check_refusal(const Error& error) {
  MUST(error.fault == Fault::bad_input && error.detail == Detail::state && fuzz::fit_to_log(error));
}

// A state that opens does so nowhere else and not when a bit of it is another.
void check_as_brought(std::string_view text) {
  const auto opened = oauth::open_state(fuzz::keyset(), kBinding, text);
  if (!opened) return check_refusal(opened.error());
  MUST(!oauth::open_state(fuzz::keyset(), kOtherBinding, text));
  const std::string envelope = base64url_decode(text).value();
  for (size_t i = 0; i < envelope.size(); i += 7) {
    std::string changed = envelope;
    changed[i] = static_cast<char>(changed[i] ^ 4);
    MUST(!oauth::open_state(fuzz::keyset(), kBinding, base64url_encode(changed)));
  }
}

void check_time(const oauth::FlowState& state) {
  const oauth::ExpectedFlow expected{state.organization_id, state.user_id, state.provider, state.client_id,
                                     state.redirect_uri_hash};
  const Status status = oauth::check_state(state, expected, fuzz::kNow, kLifetime, kSkew);
  const bool in_time = state.issued_at >= fuzz::kNow - kLifetime - kSkew && state.issued_at <= fuzz::kNow + kSkew;
  MUST(status.ok() == in_time);
  if (!status) check_refusal(status.error());
  auto another = expected;
  another.user_id += "x";
  MUST(!oauth::check_state(state, another, fuzz::kNow, kLifetime, kSkew));
}

void check_behind_the_seal(std::string_view payload) {
  const crypto::Context context = {"oauth-state", kBinding.reveal()};
  const auto sealed = crypto::seal(fuzz::keyset(), context, Secret(payload));
  MUST(sealed.ok());
  const auto opened = oauth::open_state(fuzz::keyset(), kBinding, base64url_encode(*sealed));
  if (!opened) return check_refusal(opened.error());
  MUST(!opened->state.flow_id.empty() && opened->key_id == fuzz::keyset().primary().id);
  check_time(opened->state);
  const auto again = oauth::seal_state(fuzz::keyset(), kBinding, opened->state);
  MUST(again.ok());
  const auto reopened = oauth::open_state(fuzz::keyset(), kBinding, *again);
  MUST(reopened ? equal(opened->state, reopened->state) : again->size() > 4096);
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_as_brought(fuzz::text_of(data, size));
  check_behind_the_seal(fuzz::text_of(data, size));
  return 0;
}
