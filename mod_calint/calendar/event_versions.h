// Events as iCalendar has them, in any number of versions, and which of them stand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "calendar/attendance.h"
#include "calendar/series.h"

namespace calint::calendar {

// An event as far as it was read.
struct EventDraft {
  std::string uid;
  std::optional<WrittenTime> start, end, recurrence_id;
  std::optional<WrittenDuration> duration;
  bool and_future = false;
  std::vector<std::string> recurrence;
  size_t recurrence_size = 0;
  Attendance attendance;
  int64_t sequence = 0;
  std::string stamp;                // DTSTAMP, as text that compares
  std::vector<std::string> zones;   // names of those it is written in
  std::vector<std::string> doubts;  // what of it couldn't be read
  size_t bad_lines = 0;
  std::vector<Event> free_busy;     // of a VFREEBUSY, which has no start of its own
  bool is_free_busy = false;
};

// All series of all sources.
class EventVersions {
 public:
  void add(EventDraft draft, const std::vector<std::shared_ptr<const ZoneDefinition>>& zones, const std::string& file);
  // Of each event the version that stands.
  std::vector<Series> finish();

 private:
  struct Version {
    Event event;
    int64_t sequence = 0;
    std::string stamp;
  };
  struct Versions {
    std::string uid;
    std::string file;
    std::vector<Version> events;
    std::vector<std::shared_ptr<const ZoneDefinition>> zones;
  };

  static void keep_latest(std::vector<Version>& events);

  std::unordered_map<std::string, size_t> places_;  // by UID
  std::vector<Versions> all_;
  size_t nameless_ = 0;
};

}  // namespace calint::calendar
