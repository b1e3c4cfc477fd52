// What is left in the memory of a Secret. A short one lives inside the object, so that the object's own
// storage can be looked at after it has moved, changed or gone.
#include <array>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "base/secret.h"
#include "support/check.h"

using calint::Secret;

namespace {

constexpr std::string_view kText = "swordfish";
constexpr std::string_view kTrace = "wordfis";  // also found where only the ends were overwritten

class Storage {
 public:
  Storage() : secret_(new (bytes_.data()) Secret(kText)) {}
  ~Storage() { destroy(); }
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;

  Secret& secret() { return *secret_; }
  void destroy() {
    if (secret_ != nullptr) std::destroy_at(std::exchange(secret_, nullptr));
  }
  bool holds_text() const {
    return std::string_view(bytes_.data(), bytes_.size()).find(kTrace) != std::string_view::npos;
  }

 private:
  alignas(Secret) std::array<char, sizeof(Secret)> bytes_{};
  Secret* secret_;
};

}  // namespace

CALINT_TEST(a_short_secret_lives_in_its_own_storage) { CHECK(Storage().holds_text()); }

CALINT_TEST(a_destroyed_secret_leaves_no_bytes) {
  Storage storage;
  storage.destroy();
  CHECK(!storage.holds_text());
}

CALINT_TEST(a_secret_that_moved_away_leaves_no_bytes) {
  Storage storage;
  const Secret taken(std::move(storage.secret()));
  CHECK_EQUAL(taken.reveal(), kText);
  CHECK(!storage.holds_text());
}

CALINT_TEST(a_secret_that_was_moved_into_another_leaves_no_bytes) {
  Storage storage;
  Secret taken;
  taken = std::move(storage.secret());
  CHECK_EQUAL(taken.reveal(), kText);
  CHECK(!storage.holds_text());
}

CALINT_TEST(a_secret_that_was_assigned_over_leaves_no_bytes) {
  Storage copied, moved;
  const Secret shorter(std::string_view("x"));
  copied.secret() = shorter;
  moved.secret() = Secret(std::string_view("x"));
  CHECK(!copied.holds_text());
  CHECK(!moved.holds_text());
}
