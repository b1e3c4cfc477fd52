// Which objects a calendar has, as a server lists them: all of them, or those that have changed. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provider/caldav/multistatus.h"
#include "provider/changes.h"

namespace calint::caldav {

// An object by its path below its calendar's: what its series is called. The href's own spelling where it is elsewhere;
// "" where nothing can be called so.
std::string object_key(std::string_view href, std::string_view calendar_path);

// Its etag as it is written; "" for one that can't be kept.
std::string version_of(const dav::Response& response);

// That an object is gone, or that it can't be understood. Their texts begin with these, as no series' does.
inline constexpr std::string_view kGone = "gone ", kUnread = "unread ";
provider::ChangedItem gone_item(const std::string& key);
provider::ChangedItem unread_item(const std::string& key, std::string version);

// What can be done with the calendar, and where it stands.
struct State {
  int failure = 0;  // the calendar's own status, where it isn't one of success
  bool has_sync_collection = false;
  std::string ctag;  // empty: it has none

  void take(const dav::Response& response);
};

// Gathers what the responses of one answer say.
class Listing {
 public:
  // What an answer may list at most; whatever has more isn't a calendar of a person.
  static constexpr size_t kMost = 200'000;

  // `calendar_path` outlives this, and may become another one before the first response.
  explicit Listing(const std::string& calendar_path) : calendar_path_(calendar_path) {}

  void take(const dav::Response& response);

  bool names_calendar() const { return names_calendar_; }  // itself, as a whole listing does
  int failure() const { return failure_; }                 // as State::failure: then nothing else says anything
  bool is_cut() const { return is_cut_; }                  // there is more (RFC 6578, 3.6)
  bool refuses_token() const { return refuses_token_; }    // inside of the answer
  size_t count() const { return count_; }                  // of what it lists, whatever became of each
  bool is_too_long() const { return is_too_long_; }

  std::vector<provider::ChangedItem> items;  // what is gone
  std::vector<provider::NamedSeries> named;
  std::vector<calendar::LeftOut> left_out;

 private:
  const std::string& calendar_path_;
  bool names_calendar_ = false;
  int failure_ = 0;
  bool is_cut_ = false;
  bool refuses_token_ = false;
  size_t count_ = 0;
  bool is_too_long_ = false;
};

}  // namespace calint::caldav
