// Trouble that lasts, told in few lines.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"

namespace calint {

// What is in trouble has a key ("the database", "google"). Whoever meets the trouble says so each time, whoever sees it
// work again says that as well. A line is written when a trouble begins, once a minute at most while it lasts, with how
// often it was met since the line before, and when it is over; one that comes back within a minute goes on. What is met
// in between is a line of level debug, so that every event has one.
//
// Safe from any thread. Of more than 64 troubles at once the one that was met least recently is forgotten.
class Troubles {
 public:
  // `clock` outlives it.
  explicit Troubles(const Clock& clock) : clock_(clock) {}

  void met(LogSink& log, std::string_view key, const Line& line);

  // Costs next to nothing while there is no trouble at all.
  void over(LogSink& log, std::string_view key);
  // For whoever would have to make a key first.
  bool any() const { return open_.load(std::memory_order_relaxed) > 0; }

 private:
  struct Trouble {
    Line line;                  // as met last
    bool is_open = false;
    bool was_told = false;      // since it began
    Instant since, met_at, told_at;
    unsigned long met = 0;      // since it began
    unsigned long untold = 0;   // since the last line
  };

  Trouble& of(std::string_view key, Instant now);

  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Trouble, std::less<>> all_;  // guarded by mutex_
  std::atomic<int> open_{0};
};

}  // namespace calint
