// crypto/seal: an envelope from a database or a URL, and whatever may be sealed.
#include "crypto/seal.h"

#include "fuzz.h"

using namespace calint;

namespace {

const crypto::Context kContext = {"calendar_integrations", "access_token_encrypted", "acme"};
// The same bytes, divided otherwise.
const crypto::Context kOtherContext = {"calendar_integrations", "access_token_encrypteda", "cme"};

void check_foreign(std::string_view envelope) {
  const auto opened = crypto::open(fuzz::keyset(), kContext, envelope);
  const auto id = crypto::envelope_key_id(envelope);
  MUST(id.ok() == (envelope.size() >= 45 && envelope[0] == '\x01'));
  if (opened) {
    MUST(id.ok() && opened->size() == envelope.size() - 45);
    MUST(!crypto::open(fuzz::keyset(), kOtherContext, envelope));
    return;
  }
  MUST(fuzz::fit_to_log(opened.error()));
  const bool known = id.ok() && fuzz::keyset().find(*id) != nullptr;
  MUST(opened.error().fault == (known || !id ? Fault::corrupt : Fault::operator_fault));
}

void check_own(std::string_view plaintext) {
  const auto envelope = crypto::seal(fuzz::keyset(), kContext, Secret(plaintext));
  MUST(envelope.ok() && envelope->size() == plaintext.size() + 45);
  const auto opened = crypto::open(fuzz::keyset(), kContext, *envelope);
  MUST(opened.ok() && opened->equals(plaintext));
  MUST(!crypto::open(fuzz::keyset(), kOtherContext, *envelope));
  // The place and the bit to change come out of the input.
  const size_t at = (plaintext.empty() ? 0 : static_cast<unsigned char>(plaintext[0]) * 7u) % envelope->size();
  std::string changed = *envelope;
  changed[at] = static_cast<char>(changed[at] ^ (1 << (plaintext.size() % 8)));
  MUST(!crypto::open(fuzz::keyset(), kContext, changed));
  MUST(!crypto::open(fuzz::keyset(), kContext, envelope->substr(0, at)));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check_foreign(fuzz::text_of(data, size));
  check_own(fuzz::text_of(data, size));
  return 0;
}
