// base/form: the callback's query and every form.
#include <set>

#include "base/form.h"
#include "fuzz.h"

using namespace calint;

namespace {

void check_fields(const std::vector<FormField>& fields) {
  for (const auto& [name, value] : fields) {
    MUST(name.find('\0') == std::string::npos && value.find('\0') == std::string::npos);
    const std::string* single = single_field(fields, name);
    MUST((single != nullptr) == (count_field(fields, name) == 1));
    MUST(single == nullptr || *single == value);
  }
  const std::string text = form_encode(fields);
  const auto again = form_decode(text, fields.size(), text.size());
  MUST(again.ok() && *again == fields);
}

void check(std::string_view input, size_t max_fields, size_t max_bytes) {
  const auto fields = form_decode(input, max_fields, max_bytes);
  if (fields) {
    MUST(input.size() <= max_bytes && fields->size() <= max_fields);
    return check_fields(*fields);
  }
  MUST(fields.error().fault == Fault::bad_input && fuzz::fit_to_log(fields.error()));
  const auto other = form_decode(fuzz::with_other_secret(input), max_fields, max_bytes);
  MUST(!other && fuzz::same_words(fields.error(), other.error()));
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  check(fuzz::text_of(data, size), 64, 65536);
  check(fuzz::text_of(data, size), 2, 100);
  return 0;
}
