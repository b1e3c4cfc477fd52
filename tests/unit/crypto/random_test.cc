#include "crypto/random.h"

#include "support/check.h"

using namespace calint;
using namespace calint::crypto;

CALINT_TEST(a_random_token_is_known_by_its_size) {
  const std::string token = random_token(32);
  CHECK(is_random_token(token, 32));
  CHECK(!is_random_token(token, 31));
  CHECK(!is_random_token(random_token(31), 32));
  CHECK(!is_random_token(random_token(33), 32));
}

CALINT_TEST(other_texts_are_no_random_token) {
  const std::string token = random_token(32);
  for (const std::string& text : {std::string(), token + "=", " " + token, token + "\n", token.substr(1), token + '\0',
                                  std::string(43, '+'), std::string(32, '\0'), std::string(43, '\xff')})
    CHECK(!is_random_token(text, 32));
  // The last of 43 characters carries 4 bits: one spelling for each value.
  CHECK(is_random_token(std::string(43, 'A'), 32));
  CHECK(!is_random_token(std::string(42, 'A') + "B", 32));
}
