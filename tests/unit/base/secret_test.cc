#include "base/secret.h"

#include <utility>

#include "support/check.h"

using namespace calint;

namespace {

const std::string kShort = "swordfish";  // fits into a string object itself
const std::string kLong(100, 's');

}  // namespace

CALINT_TEST(a_secret_keeps_its_bytes) {
  const std::string bytes("a\0b", 3);
  CHECK_EQUAL(Secret(std::string_view(bytes)).reveal(), bytes);
  CHECK_EQUAL(Secret(std::string_view(bytes)).size(), 3);
  CHECK(Secret().empty());
  CHECK(Secret(std::string_view()).empty());
}

CALINT_TEST(the_string_a_secret_was_made_from_is_emptied) {
  for (const std::string& bytes : {kShort, kLong}) {
    std::string source = bytes;
    const char* at = source.data();
    const size_t size = source.size();
    const Secret secret(std::move(source));
    CHECK_EQUAL(secret.reveal(), bytes);
    CHECK(source.empty());
    CHECK_EQUAL(source.data(), at);
    for (size_t i = 0; i < size; ++i) CHECK(at[i] == '\0');
  }
}

CALINT_TEST(a_moved_secret_leaves_nothing_behind) {
  for (const std::string& bytes : {kShort, kLong}) {
    Secret first{std::string_view(bytes)};
    Secret second(std::move(first));
    CHECK(first.empty());
    CHECK_EQUAL(second.reveal(), bytes);
    Secret third(std::string_view("before"));
    third = std::move(second);
    CHECK(second.empty());
    CHECK_EQUAL(third.reveal(), bytes);
  }
}

CALINT_TEST(copies_are_independent) {
  Secret first{std::string_view(kLong)};
  Secret second = first;
  first = Secret(std::string_view("other"));
  CHECK_EQUAL(second.reveal(), kLong);
  second = first;
  CHECK_EQUAL(second.reveal(), "other");
  const Secret& same = second;
  second = same;
  CHECK_EQUAL(second.reveal(), "other");
}

CALINT_TEST(wipe_overwrites_the_whole_allocation) {
  for (const std::string& bytes : {kShort, kLong}) {
    std::string text = bytes;
    const char* at = text.data();
    wipe(text);
    CHECK(text.empty());
    CHECK_EQUAL(text.data(), at);
    for (size_t i = 0; i < bytes.size(); ++i) CHECK(at[i] == '\0');
  }
  std::string empty;
  wipe(empty);
  CHECK(empty.empty());
}

CALINT_TEST(equality_is_of_length_and_bytes) {
  CHECK(constant_time_equal("", ""));
  CHECK(constant_time_equal(kLong, std::string(100, 's')));
  CHECK(!constant_time_equal(kLong, kLong.substr(1)));
  CHECK(!constant_time_equal("", "a"));
  CHECK(!constant_time_equal(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
  for (size_t i = 0; i < kLong.size(); ++i) {
    std::string other = kLong;
    other[i] = 't';
    CHECK(!Secret(std::string_view(kLong)).equals(other));
  }
  CHECK(Secret(std::string_view(kShort)).equals(kShort));
}
