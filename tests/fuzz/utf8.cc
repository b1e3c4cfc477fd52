// base/utf8: foreign text on its way to PostgreSQL and to pages.
#include "base/utf8.h"
#include "fuzz.h"

using namespace calint;

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view input = fuzz::text_of(data, size);
  for (const size_t limit : {size_t{0}, size_t{1}, size_t{3}, size_t{20}, size_t{200}, 3 * size}) {
    const std::string clean = clean_utf8(input, limit);
    MUST(fuzz::is_clean_text(clean, limit));
    MUST(clean_utf8(clean, limit) == clean);
    MUST(!fuzz::is_clean_text(input, limit) || clean == input);
    // Cut at the last character that fits: one that follows has at most four bytes.
    MUST(clean.size() + 4 > limit || clean == clean_utf8(input, 3 * size));
  }
  return 0;
}
