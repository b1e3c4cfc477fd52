// A calendar's objects, and the series that they are. Pure.
//
// One object is one series, whatever is in it: it changes and goes as a whole.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "provider/caldav/multistatus.h"
#include "provider/changes.h"

namespace calint::caldav {

// iCalendar text as what is known of it. What of it can't be read is left out, and loses nothing else.
struct Object {
  calendar::Series series;
  std::vector<calendar::LeftOut> left_out;
};
Object read_object(const std::string& key, const std::string& text, const calendar::Accounts& accounts);

// What the server's answer says of the objects that were asked for.
class Objects {
 public:
  // All outlive this; the path may become another one before the first response.
  Objects(std::span<const provider::NamedSeries> wanted, const std::string& calendar_path,
          const calendar::Accounts& accounts);

  // An object that is too long, that nothing can be read of, or that the server doesn't show is unread.
  void take(const dav::Response& response);

  // What wasn't in the answer is owed.
  provider::Fetched finish();

 private:
  provider::ChangedItem understood(const std::string& key, const std::string& text, std::string version);
  void leave_out(const std::string& key, const char* why);

  const std::string& calendar_path_;
  const calendar::Accounts& accounts_;
  std::map<std::string, const provider::NamedSeries*, std::less<>> missing_;  // by key
  provider::Fetched fetched_;
};

// Changes::merge() of the items of one object: the last one says all, whatever was known.
Result<provider::SeriesChanges> merge_objects(const std::vector<std::string>& items);

}  // namespace calint::caldav
