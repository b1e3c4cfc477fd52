// crypto/keyset_json and keyset_file: the keyset that an administrator's file or a secret manager gives.
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>
#include <string>

#include "crypto/keyset.h"
#include "crypto/keyset_file.h"
#include "crypto/seal.h"
#include "crypto/xaes.h"
#include "fuzz.h"
#include "support/fail.h"

using namespace calint;
using crypto::Keyset;

namespace {

void check_keyset(const Keyset& keyset) {
  MUST(keyset.index_key().size() == crypto::kIndexKeyBytes && keyset.keys().size() <= crypto::kMaxKeys);
  std::set<uint32_t> ids;
  size_t primaries = 0;
  for (const crypto::Key& key : keyset.keys()) {
    MUST(key.id != 0 && ids.insert(key.id).second && key.bytes.size() == crypto::kXaesKeyBytes);
    primaries += key.status == crypto::KeyStatus::primary ? 1 : 0;
    MUST((keyset.find(key.id) != nullptr) == (key.status != crypto::KeyStatus::disabled));
  }
  MUST(primaries == 1 && keyset.primary().status == crypto::KeyStatus::primary);

  const Secret written = keyset.to_json();
  const auto again = Keyset::parse(written.reveal());
  MUST(again.ok() && again->to_json().equals(written.reveal()));
}

// The same bytes as a file that only its owner may read.
Result<Keyset> read_as_file(std::string_view input) {
  const int file = memfd_create("keyset", MFD_CLOEXEC);
  test::require(file >= 0 && fchmod(file, 0600) == 0, "a file in memory");
  test::require(write(file, input.data(), input.size()) == static_cast<ssize_t>(input.size()), "a whole write");
  auto keyset = crypto::read_keyset_file("/proc/self/fd/" + std::to_string(file));
  close(file);
  return keyset;
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  const auto keyset = Keyset::parse(input);
  const auto from_file = read_as_file(input);
  MUST(from_file.ok() == (keyset.ok() && input.size() <= 65536));
  if (keyset) {
    check_keyset(*keyset);
    return 0;
  }
  MUST(keyset.error().fault == Fault::bad_input && fuzz::fit_to_log(keyset.error()));
  MUST(from_file.error().what.ends_with(keyset.error().what) || input.size() > 65536);
  const auto other = Keyset::parse(fuzz::with_other_secret(input));
  MUST(!other && fuzz::same_words(keyset.error(), other.error()));
  return 0;
}
