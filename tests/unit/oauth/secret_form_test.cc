#include "oauth/secret_form.h"

#include "base/form.h"
#include "support/check.h"

using namespace calint;
using namespace calint::oauth;

CALINT_TEST(a_secret_form_is_decoded_to_what_went_in) {
  const std::string all_bytes = [] {
    std::string bytes;
    for (int byte = 1; byte < 256; ++byte) bytes += static_cast<char>(byte);
    return bytes;
  }();
  const Secret form = secret_form({{"code", "4/0A a+b&c=d%2F"}, {"client secret", all_bytes}, {"empty", ""}});
  auto fields = form_decode(form.reveal());
  CHECK_OK(fields);
  CHECK_EQUAL(fields->size(), 3);
  CHECK_EQUAL((*fields)[0].second, "4/0A a+b&c=d%2F");
  CHECK_EQUAL((*fields)[1].first, "client secret");
  CHECK_EQUAL((*fields)[1].second, all_bytes);
  CHECK_EQUAL((*fields)[2].second, "");
}

CALINT_TEST(a_code_is_encoded_exactly_once) {
  CHECK_EQUAL(secret_form({{"code", "4/EXAMPLE"}}).reveal(), "code=4%2FEXAMPLE");
  CHECK_EQUAL(secret_form({}).reveal(), "");
}
