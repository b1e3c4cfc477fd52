// Text that must not be printed, logged or left in memory.
#pragma once

#include <string>
#include <string_view>

namespace calint {

// Owns secret bytes and wipes them when destroyed, moved from or assigned over. It has no stream or
// format operator on purpose; reveal() is the one way in, so `grep reveal` counts every use.
class Secret {
 public:
  Secret() = default;
  // Takes the bytes over; the caller's string is wiped.
  explicit Secret(std::string&& bytes);
  explicit Secret(std::string_view bytes);
  Secret(const Secret& other);
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  bool empty() const { return bytes_.empty(); }
  size_t size() const { return bytes_.size(); }

  // The bytes, valid while this object lives unchanged. Never log, print or store them unsealed.
  std::string_view reveal() const { return bytes_; }

  // Constant time in the content (not in the length).
  bool equals(std::string_view other) const;

 private:
  std::string bytes_;
};

// Overwrites the whole allocation of `bytes`, then empties it.
void wipe(std::string& bytes);

// Constant time in the content; different lengths are unequal at once.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace calint
